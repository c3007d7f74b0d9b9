import type { FailureReason } from '../../schemas/failures/register-failure.js';
import type { PostFailureKind } from '../post-json.js';

export type NexusFailureKind = PostFailureKind;

/** An agency's case system gave no usable answer. The error never holds the question or the answer. */
export class NexusUnavailable extends Error {
  readonly kind: NexusFailureKind;

  /** Why, as for registers (docs/register-failures.md). */
  readonly reason: FailureReason;

  constructor(kind: NexusFailureKind, { reason, cause }: { readonly reason: FailureReason; readonly cause?: unknown }) {
    super(`case system: ${kind}`, { cause });
    this.reason = reason;
    this.name = 'NexusUnavailable';
    this.kind = kind;
  }
}
