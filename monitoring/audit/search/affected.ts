import type { Clock } from '../../../schemas/ports/clock.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import type { SearchFilter } from './filter.js';
import { scanEntries, type FoundEntry } from './scan.js';

/** A person whose data answers held. */
export interface AffectedPerson {
  /** Index token, hex: no number and no name. */
  readonly token: string;
  /** Categories that answers held. */
  readonly disclosed: ReadonlySet<string>;
  /** Categories that were read on the way to answers. */
  readonly read: ReadonlySet<string>;
  /** Times of the first and the last answer, ISO 8601, UTC. */
  readonly first: string;
  readonly last: string;
  readonly answers: number;
  /** The last answer, and the person’s position in it: `tereze/0/17/2`. */
  readonly place: string;
}

export interface Affected {
  readonly people: readonly AffectedPerson[];
  /** Answers that were looked at. */
  readonly answers: number;
  /** Answers of which something is not as it was written. */
  readonly changed: number;
  /** People in answers who cannot be told apart any more, because what led to them was erased: one for each answer. */
  readonly unlinked: number;
}

/** More people than fit into memory with all that is kept of them. */
export class TooManyAffected extends Error {}

const MOST_PEOPLE = 1_000_000;

interface Collected {
  readonly token: string;
  readonly disclosed: Set<string>;
  readonly read: Set<string>;
  first: string;
  readonly last: string;
  answers: number;
  readonly place: string;
}

/**
 * Resolves with the people whose data the answers that fit held, the last affected first. What the bytes state decides, not
 * the columns. Rejects with {@link TooManyAffected} for more than a million people.
 */
export async function collectAffected(
  { sql, clock }: { readonly sql: Sql; readonly clock: Clock },
  { category, ...filter }: SearchFilter,
): Promise<Affected> {
  const people = new Map<string, Collected>();
  const seen = { answers: 0, changed: 0, unlinked: 0 };
  for await (const { found } of scanEntries({
    sql,
    clock,
    filter: { ...filter, kind: 'completion', outcome: 'answered' },
  })) {
    const tokens = await tokensOf(sql, found);
    for (const { entry } of found) {
      seen.answers += 1;
      if (!entry.intact || entry.differences.length > 0) seen.changed += 1;
      for (const [position, data] of dataOf(entry.body, category)) {
        const place = `${entry.log}/${entry.index}/${position}`;
        const token = tokens.get(place);
        if (token === undefined) seen.unlinked += 1;
        else add(people, { token, place, at: entry.body.at, data });
      }
    }
    if (people.size > MOST_PEOPLE) throw new TooManyAffected(`more than ${MOST_PEOPLE} people`);
  }
  return { people: [...people.values()], ...seen };
}

type Data = Readonly<Record<'disclosed' | 'read', Set<string>>>;

/** Returns the categories of each person of an answer, by position. */
function dataOf(body: FoundEntry['entry']['body'], category: string | undefined): ReadonlyMap<number, Data> {
  const data = new Map<number, Data>();
  if (body.kind !== 'completion') return data;
  for (const one of body.disclosed) {
    if (one.access === 'asked' || (category !== undefined && one.category !== category)) continue;
    for (const position of one.subjects) {
      const of = data.get(position) ?? { disclosed: new Set<string>(), read: new Set<string>() };
      data.set(position, of);
      of[one.access === 'disclose' ? 'disclosed' : 'read'].add(one.category);
    }
  }
  return data;
}

/** Entries come newest first. */
function add(
  people: Map<string, Collected>,
  {
    token,
    place,
    at,
    data,
  }: { readonly token: string; readonly place: string; readonly at: string; readonly data: Data },
): void {
  const person = people.get(token) ?? {
    ...{ token, place, first: at, last: at, answers: 0 },
    ...{ disclosed: new Set<string>(), read: new Set<string>() },
  };
  people.set(token, person);
  person.first = at;
  person.answers += 1;
  for (const category of data.disclosed) person.disclosed.add(category);
  for (const category of data.read) person.read.add(category);
}

async function tokensOf(sql: Sql, found: readonly FoundEntry[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql.query<{ place: string; token: string }>(
    `SELECT s.log_id || '/' || s.index || '/' || s.position AS place, encode(s.index_token, 'hex') AS token
     FROM unnest($1::text[], $2::bigint[], $3::timestamptz[]) AS e (log, index, at)
     JOIN audit_subject s ON s.log_id = e.log AND s.index = e.index AND s.at = e.at WHERE s.index_token IS NOT NULL`,
    [
      found.map(({ entry }) => entry.log),
      found.map(({ entry }) => entry.index),
      found.map(({ position }) => position.at),
    ],
  );
  return new Map(rows.map(({ place, token }) => [place, token]));
}
