import type { PostFailureKind } from '../post-json.js';

export type NexusFailureKind = PostFailureKind;

/** An agency's case system gave no usable answer. The error never holds the question or the answer. */
export class NexusUnavailable extends Error {
  readonly kind: NexusFailureKind;

  constructor(kind: NexusFailureKind, options?: { cause?: unknown }) {
    super(`case system: ${kind}`, options);
    this.name = 'NexusUnavailable';
    this.kind = kind;
  }
}
