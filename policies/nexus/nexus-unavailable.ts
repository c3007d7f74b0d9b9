import type { PostFailureKind } from '../post-json.js';

export type NexusFailureKind = PostFailureKind;

/** An agency's case system gave no usable answer. Never holds what it said or what it was asked. */
export class NexusUnavailable extends Error {
  readonly kind: NexusFailureKind;

  constructor(kind: NexusFailureKind, options?: { cause?: unknown }) {
    super(`case system: ${kind}`, options);
    this.name = 'NexusUnavailable';
    this.kind = kind;
  }
}
