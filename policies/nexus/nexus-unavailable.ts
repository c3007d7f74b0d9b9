export type NexusFailureKind =
  | 'timeout' // no answer in time
  | 'transport' // refused, reset, cut off
  | 'failed' // another status than 200
  | 'malformed'; // not what the protocol promises, or too large

/** An agency's case system gave no usable answer. Never holds what it said or what it was asked. */
export class NexusUnavailable extends Error {
  readonly kind: NexusFailureKind;

  constructor(kind: NexusFailureKind, options?: { cause?: unknown }) {
    super(`case system: ${kind}`, options);
    this.name = 'NexusUnavailable';
    this.kind = kind;
  }
}
