import { createHash } from 'node:crypto';
import { canonicalBytes } from '../canonical.js';
import { SearchRefused, type SearchFilter } from './filter.js';

/** The place of a row in the order of a search. */
export interface EntryPosition {
  /** Time column of the row, ISO 8601 with six digits of the second, UTC. */
  readonly at: string;
  readonly log: string;
  readonly index: number;
}

/** Where a further page goes on: after which row, and from which time the first page looked. */
export interface SearchCursor {
  readonly position: EntryPosition;
  /** Set if the first page had no `since` and looked from 30 days before. ISO 8601, UTC. */
  readonly since?: string;
}

const VERSION = 1;
const FINGERPRINT_LENGTH = 16;
const CHECK_LENGTH = 12;

/** Returns the text of a cursor. It is bound to the filter, but for the limit; it holds no identifier and no token. */
export function cursorText({ position: { at, log, index }, since }: SearchCursor, filter: SearchFilter): string {
  const payload = Buffer.from(JSON.stringify([VERSION, fingerprint(filter), at, log, index, since ?? null]));
  return `${payload.toString('base64url')}.${checkOf(payload)}`;
}

/** Returns the cursor in a text. Throws {@link SearchRefused} if the text is no cursor, or that of a search with another filter. */
export function parseCursor(text: string, filter: SearchFilter): SearchCursor {
  const [encoded = '', check = ''] = text.split('.');
  const payload = Buffer.from(encoded, 'base64url');
  const members: unknown = checkOf(payload) === check ? JSON.parse(payload.toString()) : undefined;
  if (!isMembers(members))
    throw new SearchRefused('cursor_broken', 'this is not a cursor as a search gave it: copy the whole text');
  const [, made, at, log, index, since] = members;
  if (made !== fingerprint(filter))
    throw new SearchRefused(
      'cursor_of_other_search',
      'the cursor is of another search: repeat the filters of the search that gave it',
    );
  return { position: { at, log, index }, ...(since === null ? {} : { since }) };
}

type Members = readonly [number, string, string, string, number, string | null];

/** The check shows that the text is one that {@link cursorText} made, of this version or another. */
function isMembers(value: unknown): value is Members {
  return Array.isArray(value) && value[0] === VERSION;
}

function fingerprint(filter: SearchFilter): string {
  return createHash('sha256').update(canonicalBytes(filter)).digest('hex').slice(0, FINGERPRINT_LENGTH);
}

function checkOf(payload: Buffer): string {
  return createHash('sha256').update('tereze search cursor').update(payload).digest('base64url').slice(0, CHECK_LENGTH);
}
