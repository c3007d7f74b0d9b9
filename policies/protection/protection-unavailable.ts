import type { PostFailureKind } from '../post-json.js';

/** The list of protected people gave no usable answer. The error never holds the question or the answer. */
export class ProtectionUnavailable extends Error {
  readonly kind: PostFailureKind;

  constructor(kind: PostFailureKind, options?: { cause?: unknown }) {
    super(`list of protected people: ${kind}`, options);
    this.name = 'ProtectionUnavailable';
    this.kind = kind;
  }
}
