import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { EntryBody } from '../entries.js';
import { SearchRefused, type SearchFilter } from './filter.js';
import { conditions } from './conditions.js';

/** What happened, as far as entries are counted by it. Intents are counted by how they ended. */
export const DECISIONS = ['answered', 'failed', 'unknown', 'refused', 'act', 'read'] as const;
export type Decision = (typeof DECISIONS)[number];

/** How many entries an hour has, by decision. */
export interface HourCount {
  /** Begin of the hour, ISO 8601, UTC. */
  readonly hour: string;
  readonly counts: Readonly<Record<Decision, number>>;
}

/** A range of entries to count. */
export interface CountRequest {
  /** Everything but people. */
  readonly filter: Omit<SearchFilter, 'tokens' | 'since' | 'until'>;
  /** ISO 8601, UTC: `since` inclusive, `until` exclusive. */
  readonly since: string;
  readonly until: string;
  /** Only entries of this agency. */
  readonly onlyAgency?: string | undefined;
}

/** The longest range, in hours: 31 days. */
export const MAX_HOURS = 744;

const HOUR_MS = 3_600_000;

/** Throws {@link SearchRefused} for a range that is empty or longer than 31 days. */
export function checkCount({ since, until }: Pick<CountRequest, 'since' | 'until'>): void {
  const length = Date.parse(until) - Date.parse(since);
  if (!(length > 0)) throw new SearchRefused('range', `the range is empty: ${since} is not before ${until}`);
  if (length > MAX_HOURS * HOUR_MS)
    throw new SearchRefused('range', `the range is longer than ${MAX_HOURS} hours: count in parts`);
}

interface CountRow {
  readonly hour: string;
  readonly kind: string;
  readonly outcome: string | null;
  readonly number: number;
}

/**
 * Resolves with the hours that have entries, oldest first. Entries are counted by their columns, which are not compared
 * with the bytes here.
 *
 * @throws SearchRefused as {@link checkCount} says.
 */
export async function countByHour(
  sql: SqlExecutor,
  { filter, since, until, onlyAgency }: CountRequest,
): Promise<readonly HourCount[]> {
  checkCount({ since, until });
  const values: unknown[] = [];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const all = [
    `e.at >= ${place(since)}::timestamptz`,
    `e.at < ${place(until)}::timestamptz`,
    "e.kind <> 'intent'",
    ...conditions(filter, place),
    ...(onlyAgency === undefined ? [] : [`e.agency = ${place(onlyAgency)}`]),
  ];
  const { rows } = await sql.query<CountRow>(
    `SELECT to_char(date_trunc('hour', e.at AT TIME ZONE 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS hour,
       e.kind, e.outcome, count(*)::int AS number
     FROM audit_entry e WHERE ${all.join(' AND ')} GROUP BY 1, 2, 3 ORDER BY 1`,
    values,
  );
  return hoursOf(rows);
}

const NONE: Readonly<Record<Decision, number>> = { answered: 0, failed: 0, unknown: 0, refused: 0, act: 0, read: 0 };

function hoursOf(rows: readonly CountRow[]): readonly HourCount[] {
  const hours = new Map<string, Record<Decision, number>>();
  for (const { hour, kind, outcome, number } of rows) {
    const decision = decisionOf(kind, outcome);
    const counts = hours.get(hour) ?? { ...NONE };
    hours.set(hour, counts);
    if (decision !== undefined) counts[decision] += number;
  }
  return [...hours].map(([hour, counts]) => ({ hour, counts }));
}

/** The decision of each kind; a completion has its outcome, how a reading ended counts with its begin, an alert is none. */
const DECISION_OF: Readonly<Record<EntryBody['kind'], Decision | 'outcome' | undefined>> = {
  intent: undefined,
  completion: 'outcome',
  refusal: 'refused',
  refusals: 'refused',
  act: 'act',
  state: 'act',
  sink: 'act',
  retention: 'act',
  audit_read: 'read',
  audit_read_end: undefined,
  alert: undefined,
  approval: 'act',
};

/** Returns the decision of an entry of this kind and outcome; undefined if it is none, or of a kind that is not known. */
export function decisionOf(kind: string, outcome: string | null): Decision | undefined {
  const decision = Object.entries(DECISION_OF).find(([name]) => name === kind)?.[1];
  if (decision !== 'outcome') return decision;
  return DECISIONS.find((name) => name === outcome);
}
