/** A checkpoint as it was signed and stored. */
export interface SignedCheckpoint {
  /** Name of the log in the database, `tereze/0`. */
  readonly logId: string;
  readonly size: number;
  /** The signed note (C2SP tlog-checkpoint), as it is stored. */
  readonly note: string;
}

/** A checkpoint of which a proof is wanted. */
export interface CheckpointToProve extends SignedCheckpoint {
  /** Resolves with the proof that this checkpoint continues the tree of `oldSize` entries. Rejects if it does not. */
  readonly consistencyFrom: (oldSize: number) => Promise<readonly Uint8Array[]>;
}

export type AnchorKind = 'timestamp' | 'witness';

/**
 * Someone outside who proves that a checkpoint was there: by a time stamp, or by the signatures of witnesses.
 *
 * Contract
 * - `prove` asks outside, and resolves with a proof that `check` accepts for exactly this checkpoint. It rejects with
 *   {@link AnchorFailure}, and settles within a bounded time. What comes from outside is never believed before it was
 *   checked.
 * - A proof is complete: it can be checked without asking anyone, for as long as the keys that the configuration trusts
 *   stay there. It holds nothing of an entry.
 * - `check` resolves with when the proof was made, or with why it does not hold. It asks no one and never rejects.
 * - If `prove` was interrupted, or its answer was lost, it may be called again for the same checkpoint.
 */
export interface Anchor {
  /** As the configuration names it. */
  readonly name: string;
  readonly kind: AnchorKind;
  prove(checkpoint: CheckpointToProve): Promise<Uint8Array>;
  check(checkpoint: SignedCheckpoint, proof: Uint8Array): Promise<CheckedProof | AnchorFault>;
  /** Ends its connections. */
  close(): void;
}

/** A proof that holds. */
export interface CheckedProof {
  /** When it was made, as those outside say. Of several witnesses, the time at which the quorum was complete. */
  readonly provenAt: Date;
}

/** What is wrong with a proof or an answer. A closed list: docs/anchors.md says what to do about each. */
export type AnchorFault =
  | 'malformed' // not what the protocol says
  | 'other_checkpoint' // of another checkpoint, or with another hash than SHA-256
  | 'nonce' // an answer to another request
  | 'policy' // made under another policy than the configuration demands
  | 'signature' // the signature is not that of the signer
  | 'signer' // the signer may not sign time stamps, or is not the one that the proof names
  | 'untrusted_signer' // no chain of certificates, valid at that time, leads to a trusted authority
  | 'time' // its clock and ours differ too much
  | 'quorum'; // too few witnesses signed

/** Why there is no proof. */
export type AnchorFailureReason =
  | AnchorFault
  | 'unreachable'
  | 'timeout'
  | 'too_large'
  | 'redirected' // redirects are not followed
  | 'refused' // an answer with another status, or that says no
  | 'log_unknown' // a witness does not know the log (404)
  | 'key_unknown' // a witness knows no key that signed the checkpoint (403)
  | 'witness_ahead' // a witness has seen more entries of the log than there are
  | 'inconsistent'; // a witness says that the log was rewritten (422), or the log cannot prove that it was not

const REWRITTEN: ReadonlySet<string> = new Set(['witness_ahead', 'inconsistent'] satisfies AnchorFailureReason[]);

/** Returns whether a reason says that the log was set back or rewritten. */
export function saysRewritten(reason: string): boolean {
  return REWRITTEN.has(reason);
}

/** There is no proof of a checkpoint. The message names the reason, and nothing that came from outside. */
export class AnchorFailure extends Error {
  readonly reason: AnchorFailureReason;
  constructor(reason: AnchorFailureReason, cause?: unknown) {
    super(`no proof of the checkpoint: ${reason}`, { cause });
    this.name = 'AnchorFailure';
    this.reason = reason;
  }

  /** Whether other checkpoints would fail for the same reason now. */
  get isOfAll(): boolean {
    return this.reason === 'unreachable' || this.reason === 'timeout';
  }
}

/** A file of the configuration says something that cannot be. The message names file and line, and what to do. */
export class AnchorFileFailure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'AnchorFileFailure';
  }
}
