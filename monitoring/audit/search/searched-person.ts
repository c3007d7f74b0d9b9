import type { Random } from '../../../schemas/ports/random.js';
import { entrySubject, type EntryDraft, type EntrySubject } from '../entries.js';

/** A person that someone searches the log for. */
export interface SearchedPerson {
  readonly identifier: string;
  /** Index tokens under every live key, hex, newest first. */
  readonly tokens: readonly string[];
}

const SALT_BYTES = 16;

/** Returns the person of a search as its entry states them, and what is kept beside it: as with any other subject. */
export function committedPerson(
  person: SearchedPerson | undefined,
  random: Random,
): { readonly subjects: readonly EntrySubject[]; readonly beside: EntryDraft['beside'] } {
  const [token] = person?.tokens ?? [];
  if (person === undefined || token === undefined) return { subjects: [], beside: {} };
  const salt = random.bytes(SALT_BYTES);
  return {
    subjects: [entrySubject({ identifier: person.identifier, token, salt })],
    beside: { subjectSalts: [salt.toString('hex')], subjectTokens: [token] },
  };
}
