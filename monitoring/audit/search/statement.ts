import { storedEntrySelection, timeText } from '../stored-entry.js';
import { conditions, EQUAL } from './conditions.js';
import type { EntryPosition } from './cursor.js';
import type { SearchFilter } from './filter.js';

/** One part of a search: looks at the next `looked` rows of its order, and takes those that fit, `rows` at most. */
export interface PartRequest {
  readonly filter: SearchFilter;
  /** Go on after this row. Undefined: from the newest. */
  readonly after: EntryPosition | undefined;
  readonly looked: number;
  readonly rows: number;
  /** The request whose entries are left out: that of the search itself. {@link Scan} `person` looks at rows that do not say it: those are left out by {@link entriesStatement}. */
  readonly but: string | undefined;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Filters with an index of their own that ends in the time: such a search looks only at rows that fit them. */
const INDEXED = ['request', 'case', 'code', 'agency'] as const satisfies readonly (keyof typeof EQUAL)[];

/**
 * Which rows a search looks at: those of a person, alone or with their entries because more is asked of these; those with
 * one value in an indexed column; or all, by time.
 */
export type Scan = 'person' | 'person_entries' | (typeof INDEXED)[number] | 'time';

const OF_RANGE: readonly (keyof SearchFilter)[] = ['since', 'until', 'tokens'];

/** Returns which rows a search looks at, and whether nearly each of them fits: then looking at more than are wanted is of no use. */
export function scanOf(filter: SearchFilter): { readonly scan: Scan; readonly isEveryRow: boolean } {
  const narrowing = (Object.keys(filter) as (keyof SearchFilter)[]).filter(
    (name) => filter[name] !== undefined && !OF_RANGE.includes(name),
  );
  const isAlone = narrowing.length === 0;
  if (filter.tokens !== undefined) return { scan: isAlone ? 'person' : 'person_entries', isEveryRow: isAlone };
  const indexed = INDEXED.find((name) => filter[name] !== undefined);
  return { scan: indexed ?? 'time', isEveryRow: narrowing.length === (indexed === undefined ? 0 : 1) };
}

const ORDER = 'at DESC, log_id DESC, index DESC';

/**
 * Returns the statement that finds where the rows of one part are. It never looks at more than `looked` rows, so that its
 * time is bounded however rare the rows are that fit. Each of its rows has `looked`, the position of the last row that was
 * looked at (`last_at`, `last_log`, `last_index`; null if there was none) and, unless nothing fits, the position of an
 * entry (`at`, `log_id`, `index`).
 *
 * There is one text for each {@link Scan}, for all filters: a log has partitions by month, and planning for all of them
 * would cost most searches more than all else. The range of times is a condition of every table, so that only the months
 * between are opened.
 */
export function positionsStatement({ filter, after, looked, rows, but }: PartRequest): Statement {
  const values: unknown[] = [];
  const place = (value: unknown): string => `$${values.push(value ?? null)}`;
  const range = rangeOf(filter, after, place);
  const [looksAt, takes] = [`${place(looked)}::bigint`, `${place(rows)}::bigint`];
  const { scan } = scanOf(filter);
  const of = (): Looking => ({ filter, but, place, range, looksAt });
  const part =
    scan === 'person'
      ? personPart(of())
      : scan === 'person_entries'
        ? personEntriesPart(of())
        : entriesPart(scan, of());
  return {
    text: `WITH part AS MATERIALIZED (${part}),
      last AS (SELECT at, log_id, index FROM part ORDER BY at, log_id, index LIMIT 1),
      fit AS (SELECT at, log_id, index FROM part WHERE is_fit ORDER BY ${ORDER} LIMIT ${takes})
    SELECT (SELECT count(*) FROM part)::int AS looked, ${timeText('last.at')} AS last_at, last.log_id AS last_log, last.index AS last_index,
      ${timeText('fit.at')} AS at, fit.log_id, fit.index
    FROM (SELECT) AS one LEFT JOIN last ON true LEFT JOIN fit ON true
    ORDER BY fit.at DESC, fit.log_id DESC, fit.index DESC`,
    values,
  };
}

interface Looking extends Pick<PartRequest, 'filter' | 'but'> {
  readonly place: (value: unknown) => string;
  /** Returns the conditions of the range for a table. */
  readonly range: (table: string) => string;
  readonly looksAt: string;
}

/** The comparison of the time alone says which partitions there is anything in, and can use an index that has no more than the time. */
function rangeOf(
  { since, until }: SearchFilter,
  after: EntryPosition | undefined,
  place: Looking['place'],
): Looking['range'] {
  const from = `${place(since ?? '-infinity')}::timestamptz`;
  const to = `${place(after?.at ?? until ?? 'infinity')}::timestamptz`;
  const before = `${place(until)}::timestamptz`;
  const [log, index] = [`${place(after?.log)}::text`, `${place(after?.index)}::bigint`];
  return (table) => `${table}.at >= ${from} AND ${table}.at <= ${to} AND (${before} IS NULL OR ${table}.at < ${before})
    AND (${log} IS NULL OR (${table}.at, ${table}.log_id, ${table}.index) < (${to}, ${log}, ${index}))`;
}

function personRows({ filter: { tokens = [] }, place, range, looksAt }: Looking): string {
  const asked = tokens.map((token) => Buffer.from(token, 'hex'));
  return `SELECT s.at, s.log_id, s.index FROM unnest(${place(asked)}::bytea[]) AS asked (token)
    CROSS JOIN LATERAL (SELECT s.at, s.log_id, s.index FROM audit_subject s
      WHERE s.index_token = asked.token AND ${range('s')} ORDER BY s.at DESC, s.log_id DESC, s.index DESC LIMIT ${looksAt}) s
    ORDER BY ${ORDER} LIMIT ${looksAt}`;
}

function personPart(looking: Looking): string {
  return `SELECT at, log_id, index, true AS is_fit FROM (${personRows(looking)}) s`;
}

function personEntriesPart(looking: Looking): string {
  return `SELECT s.at, s.log_id, s.index, ${isFit(looking)} AS is_fit FROM (${personRows(looking)}) s
    LEFT JOIN audit_entry e ON e.at = s.at AND e.log_id = s.log_id AND e.index = s.index AND ${looking.range('e')}`;
}

function entriesPart(scan: Exclude<Scan, 'person' | 'person_entries'>, looking: Looking): string {
  const { filter, place, range, looksAt } = looking;
  const indexed = scan === 'time' ? '' : `e.${EQUAL[scan]} = ${place(filter[scan])} AND `;
  return `SELECT e.at, e.log_id, e.index, ${isFit(looking)} AS is_fit FROM audit_entry e
    WHERE ${indexed}${range('e')} ORDER BY e.at DESC, e.log_id DESC, e.index DESC LIMIT ${looksAt}`;
}

function isFit({ filter, but, place }: Looking): string {
  const other = `${place(but)}::text`;
  const all = ['e.log_id IS NOT NULL', `(${other} IS NULL OR e.request_id <> ${other})`, ...conditions(filter, place)];
  return `(${all.join(' AND ')}) IS TRUE`;
}

/**
 * Returns the statement that reads the entries at these positions, which are in the order of a search: rows of
 * `STORED_ENTRY`, in that order. Where there is no entry, or one of the request `but`, there is no row. There is one text.
 */
export function entriesStatement(positions: readonly EntryPosition[], but: string | undefined): Statement {
  return {
    text: ENTRIES,
    values: [
      positions.map(({ at }) => at),
      positions.map(({ log }) => log),
      positions.map(({ index }) => index),
      positions.at(-1)?.at ?? '-infinity',
      positions[0]?.at ?? 'infinity',
      but ?? null,
    ],
  };
}

const WITHIN = (table: string): string => `${table}.at BETWEEN $4::timestamptz AND $5::timestamptz`;

const ENTRIES = `SELECT ${storedEntrySelection([WITHIN('s')])}
  FROM unnest($1::timestamptz[], $2::text[], $3::bigint[]) WITH ORDINALITY AS place (at, log_id, index, nth)
  JOIN audit_entry e ON e.at = place.at AND e.log_id = place.log_id AND e.index = place.index AND ${WITHIN('e')}
  WHERE $6::text IS NULL OR e.request_id <> $6
  ORDER BY place.nth`;
