import type { NexusKind } from '../../../schemas/vocabulary.js';
import { commitment } from '../commitment.js';

/** The verified fact that ties people to the case, as entries state it. Versions 1 to 3 have the kind alone, as a text. */
export interface EntryNexus {
  readonly kind: NexusKind;
  /**
   * Who answered: the agency of the case system (`application`, `list`), the register (`relation`), or the address of the
   * issuer (`self`).
   */
  readonly source: string;
  /** When it answered, ISO 8601, UTC. */
  readonly answeredAt: string;
  /** Salted commitment to the facts that were answered, see {@link nexusEvidence}. */
  readonly evidence: string;
}

/**
 * Returns the commitment of `EntryNexus.evidence`: hex of SHA-256(salts ‖ RFC 8785 of the facts). `salts`: those of
 * everyone that the facts name, in the order of the entry's subjects. So the facts can be guessed from an entry only with
 * all of these salts, and the erasure of one person's ends the evidence about all of them.
 *
 * The facts, as docs/verify.md tells an auditor to build them:
 * - `application`, `list`: `{question, answer}`, the bodies of the question to the case system and of its answer.
 * - `relation`: the same two members, `register`, and `links`: for each link that led to a person of the entry on this
 *   nexus `{subject, role, of}`, in the order of the entry's subjects; of one subject by `of` in that order, then `role`.
 * - `self`: `{issuer, token, subject}`; `token` is the entry's.
 *
 * @throws RangeError without a salt: anyone could guess the facts.
 */
export function nexusEvidence(salts: readonly Uint8Array[], facts: unknown): string {
  if (salts.length === 0) throw new RangeError('facts about no one are no nexus');
  return commitment(Buffer.concat(salts), facts);
}
