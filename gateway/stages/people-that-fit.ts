import { canonicalBytes } from '../../monitoring/audit/canonical.js';
import { LARGEST_SUBJECT, type EntryBody } from '../../monitoring/audit/entries.js';
import { MAX_ENTRY_BYTES } from '../../monitoring/audit/append/prepared-entry.js';

/** A person in an entry, with all three commitments and a comma. */
const SUBJECT_BYTES = canonicalBytes(LARGEST_SUBJECT).length + 1;
/** For the commitment to the answer and the number of people left out. */
const RESERVE_BYTES = 120;

/**
 * Returns how many of these people an entry has room for that has neither people nor answer yet. A register may tell of more people than a
 * question may be about. The question is then refused, before it is decided on any of those who come
 * last, and its entry names as many of them as it can.
 */
export function peopleThatFit(people: number, withoutPeople: EntryBody): number {
  const room = MAX_ENTRY_BYTES - RESERVE_BYTES - canonicalBytes(withoutPeople).length;
  return Math.min(people, Math.max(0, Math.floor(room / SUBJECT_BYTES)));
}
