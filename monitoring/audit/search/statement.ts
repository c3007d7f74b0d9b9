import { STORED_ENTRY } from '../stored-entry.js';
import type { EntryPosition } from './cursor.js';
import { REFUSED, type SearchFilter } from './filter.js';

/** One statement of a search: looks at the next `looked` rows of its order and returns those that fit, `rows` at most. */
export interface SliceRequest {
  readonly filter: SearchFilter;
  /** Go on after this row. Undefined: from the newest. */
  readonly after: EntryPosition | undefined;
  readonly looked: number;
  readonly rows: number;
  /** The request whose entries are left out: that of the search itself. */
  readonly but: string | undefined;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Columns that are compared for equality, by filter. */
const EQUAL = {
  agency: 'agency',
  system: 'system',
  purpose: 'purpose',
  case: 'case_number',
  kind: 'kind',
  code: 'code',
  operation: 'operation',
  request: 'request_id',
  log: 'log_id',
  model: 'model',
} as const satisfies Partial<Record<keyof SearchFilter, string>>;

/** Filters with an index of their own that ends in the time: such a search looks only at rows that fit them. */
const INDEXED = ['request', 'case', 'code', 'agency'] as const satisfies readonly (keyof typeof EQUAL)[];

/** A time with microseconds: ISO 8601, UTC. */
const timeText = (time: string): string => `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * Returns the statement of one slice. It never looks at more than `looked` rows, so that its time is bounded however rare
 * the rows are that fit. Each of its rows has `looked`, the position of the last row that was looked at (`last_at`,
 * `last_log`, `last_index`; null if there was none) and, unless nothing fits, an entry.
 */
export function sliceStatement({ filter, after, looked, rows, but }: SliceRequest): Statement {
  const values: unknown[] = [];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const range = (row: string): readonly string[] => [
    ...(filter.since === undefined ? [] : [`${row}.at >= ${place(filter.since)}::timestamptz`]),
    ...(filter.until === undefined ? [] : [`${row}.at < ${place(filter.until)}::timestamptz`]),
    ...(after === undefined ? [] : beyond(row, after, place)),
  ];
  const order = 'at DESC, log_id DESC, index DESC';
  const fits = [...conditions(filter, place), ...(but === undefined ? [] : [`e.request_id <> ${place(but)}`])];
  const isFit = `(${['e.log_id IS NOT NULL', ...fits].join(' AND ')}) IS TRUE`;
  const part =
    filter.tokens === undefined
      ? `SELECT e.at, e.log_id, e.index, ${isFit} AS is_fit FROM audit_entry e
         ${where([...indexed(filter, place), ...range('e')])} ORDER BY e.at DESC, e.log_id DESC, e.index DESC LIMIT ${place(looked)}`
      : `SELECT s.at, s.log_id, s.index, ${isFit} AS is_fit
         FROM (SELECT s.at, s.log_id, s.index FROM unnest(${place(filter.tokens.map((token) => Buffer.from(token, 'hex')))}::bytea[]) AS asked (token)
           CROSS JOIN LATERAL (SELECT s.at, s.log_id, s.index FROM audit_subject s
             ${where(['s.index_token = asked.token', ...range('s')])} ORDER BY s.at DESC, s.log_id DESC, s.index DESC LIMIT ${place(looked)}) s
           ORDER BY ${order} LIMIT ${place(looked)}) s
         LEFT JOIN audit_entry e ON e.at = s.at AND e.log_id = s.log_id AND e.index = s.index`;
  return {
    text: `WITH part AS MATERIALIZED (${part}),
      last AS (SELECT at, log_id, index FROM part ORDER BY at, log_id, index LIMIT 1),
      fit AS (SELECT at, log_id, index FROM part WHERE is_fit ORDER BY ${order} LIMIT ${place(rows)})
    SELECT (SELECT count(*) FROM part)::int AS looked, ${timeText('last.at')} AS last_at, last.log_id AS last_log, last.index AS last_index,
      ${timeText('fit.at')} AS position_at, ${STORED_ENTRY}
    FROM (SELECT) AS one LEFT JOIN last ON true LEFT JOIN fit ON true
    LEFT JOIN audit_entry e ON e.at = fit.at AND e.log_id = fit.log_id AND e.index = fit.index
    ORDER BY fit.at DESC, fit.log_id DESC, fit.index DESC`,
    values,
  };
}

function where(all: readonly string[]): string {
  return all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`;
}

/** The comparison of the time alone can use an index that has no more than the time. */
function beyond(row: string, { at, log, index }: EntryPosition, place: (value: unknown) => string): readonly string[] {
  const time = `${place(at)}::timestamptz`;
  return [
    `${row}.at <= ${time}`,
    `(${row}.at, ${row}.log_id, ${row}.index) < (${time}, ${place(log)}, ${place(index)}::bigint)`,
  ];
}

function indexed(filter: SearchFilter, place: (value: unknown) => string): readonly string[] {
  const name = INDEXED.find((one) => filter[one] !== undefined);
  return name === undefined ? [] : [`e.${EQUAL[name]} = ${place(filter[name])}`];
}

/** Returns what a row `e` of `audit_entry` must be to fit a filter, but for its time and its people; `place` takes the values. */
export function conditions(filter: SearchFilter, place: (value: unknown) => string): readonly string[] {
  const equal = Object.entries(EQUAL).flatMap(([name, column]) => {
    const wanted = filter[name as keyof typeof EQUAL];
    return wanted === undefined ? [] : [`e.${column} = ${place(wanted)}`];
  });
  return [
    ...equal,
    ...(filter.outcome === undefined ? [] : [outcomeCondition(filter.outcome, place)]),
    ...(filter.document === undefined ? [] : [`${place(filter.document)} IN (e.document_name, e.document_hash)`]),
    ...(filter.officer === undefined ? [] : [earlier(`e.officer = ${place(filter.officer)}`, filter.officer, place)]),
    ...(filter.register === undefined
      ? []
      : [earlier(`${place(filter.register)} = ANY (e.registers)`, filter.register, place)]),
    ...(filter.category === undefined
      ? []
      : [earlier(`${place(filter.category)} = ANY (e.categories)`, filter.category, place)]),
  ];
}

function outcomeCondition(outcome: string, place: (value: unknown) => string): string {
  return outcome === REFUSED ? `e.kind IN ('refusal', 'refusals')` : `e.outcome = ${place(outcome)}`;
}

/**
 * Entries of versions 1 to 3 have no such column. Their bytes are looked through for the word as a JSON text, which finds
 * every entry that fits and may find more: `fits` looks at these again.
 */
function earlier(condition: string, word: string, place: (value: unknown) => string): string {
  const text = `${place(Buffer.from(JSON.stringify(word)))}::bytea`;
  return `CASE WHEN e.categories IS NULL THEN position(${text} IN e.entry) > 0 ELSE ${condition} END`;
}
