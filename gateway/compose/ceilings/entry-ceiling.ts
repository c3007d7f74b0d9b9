import { canonicalBytes } from '../../../monitoring/audit/canonical.js';
import { MAX_ENTRY_BYTES } from '../../../monitoring/audit/append/prepared-entry.js';
import { largestEntries, type EntryWords } from './largest-entries.js';

/** Returns the length of the longest entry that a request about this many people can have, in bytes. */
export function longestEntry(words: EntryWords, people: number): number {
  return Math.max(...largestEntries(words, people).map((body) => canonicalBytes(body).length));
}

/** Returns the most people, up to `wanted`, with which every entry of a request fits; 0 if not even those of one person do. */
export function mostPeople(words: EntryWords, wanted: number): number {
  if (longestEntry(words, wanted) <= MAX_ENTRY_BYTES) return wanted;
  let [fits, beyond] = [0, wanted];
  while (beyond - fits > 1) {
    const middle = Math.floor((fits + beyond) / 2);
    if (longestEntry(words, middle) <= MAX_ENTRY_BYTES) fits = middle;
    else beyond = middle;
  }
  return fits;
}
