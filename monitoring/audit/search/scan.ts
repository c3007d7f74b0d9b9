import { SqlFailure, type Sql } from '../../../schemas/ports/sql.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import { columnsOf } from '../beside/columns.js';
import { withErasures } from '../removals/removals.js';
import { storedEntry, type EntryRow, type StoredEntry } from '../stored-entry.js';
import type { EntryPosition } from './cursor.js';
import type { SearchFilter } from './filter.js';
import { sliceStatement } from './statement.js';

export interface ScanOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly filter: SearchFilter;
  /** Go on after this row. Default: from the newest. */
  readonly after?: EntryPosition | undefined;
  /** The request whose entries are left out. */
  readonly but?: string | undefined;
  /** Most rows of one part. Default: 1,000. */
  readonly rows?: number;
}

/** A part of what a search finds. */
export interface ScannedPart {
  /** Entries that fit, newest first, in the order of the whole search. */
  readonly found: readonly FoundEntry[];
  /** Everything up to this row was looked at. Undefined: everything was. */
  readonly position: EntryPosition | undefined;
}

export interface FoundEntry {
  readonly entry: StoredEntry;
  readonly position: EntryPosition;
}

interface SliceRow extends EntryRow {
  readonly looked: number;
  readonly last_at: string | null;
  readonly last_log: string | null;
  readonly last_index: string | null;
  readonly position_at: string | null;
}

const DEFAULT_ROWS = 1_000;
const MOST_LOOKED = 50_000;
const LEAST_LOOKED = 250;
const FIRST_LOOKED = 2_000;
/** A statement that takes less looks at more rows the next time, in milliseconds. */
const SHORT_MS = 150;
const GROWTH = 4;
/** The database ended a statement that took too long (PostgreSQL, `query_canceled`). */
const TOO_LONG = '57014';

/**
 * Searches the logs of all replicas, newest first, in parts. Each statement looks at a bounded number of rows, more where
 * the database is quick and fewer where it is slow, so that a search for something rare goes on instead of failing. Rows
 * that are appended meanwhile come before what was returned and change nothing of it. Every part but the last has the
 * row up to which everything was looked at.
 *
 * Rejects with `SqlFailure` if the database cannot be asked, or takes too long even for a few rows.
 */
export async function* scanEntries(options: ScanOptions): AsyncGenerator<ScannedPart> {
  const { clock, filter, rows = DEFAULT_ROWS } = options;
  let after = options.after;
  let looked = isEveryRow(filter) ? rows : Math.max(rows, FIRST_LOOKED);
  for (;;) {
    const begun = clock.monotonic();
    const slice = await lookAt(options, after, looked).catch(unlessTooLong);
    if (slice === undefined) {
      if (looked <= LEAST_LOOKED)
        throw new SqlFailure('a search takes too long', { outcome: 'not_done', code: TOO_LONG });
      looked = Math.max(LEAST_LOOKED, Math.floor(looked / GROWTH));
      continue;
    }
    yield slice;
    if (slice.position === undefined) return;
    after = slice.position;
    if (!isEveryRow(filter) && clock.monotonic() - begun < SHORT_MS) looked = Math.min(MOST_LOOKED, looked * GROWTH);
  }
}

function unlessTooLong(error: unknown): undefined {
  if (error instanceof SqlFailure && error.code === TOO_LONG) return undefined;
  throw error;
}

/** What a search looks at only, by an index. */
const BY_INDEX: readonly (keyof SearchFilter)[] = ['agency', 'case', 'code', 'request'];
/** What leaves every row that is looked at. */
const OF_RANGE: readonly (keyof SearchFilter)[] = ['since', 'until', 'tokens'];

/** Whether nearly every row that is looked at fits, so that looking at more than are wanted is of no use. */
function isEveryRow(filter: SearchFilter): boolean {
  const narrowing = (Object.keys(filter) as (keyof SearchFilter)[]).filter(
    (name) => filter[name] !== undefined && !OF_RANGE.includes(name),
  );
  const [only] = narrowing;
  if (only === undefined) return true;
  return narrowing.length === 1 && filter.tokens === undefined && BY_INDEX.includes(only);
}

async function lookAt(
  { sql, filter, but, rows: most = DEFAULT_ROWS }: ScanOptions,
  after: EntryPosition | undefined,
  looked: number,
): Promise<ScannedPart> {
  const { text, values } = sliceStatement({ filter, after, looked, rows: most, but });
  const { rows } = await sql.query<SliceRow>(text, values);
  const found = rows.filter(({ entry }) => entry !== null).map(foundEntry);
  const isFull = found.length === most;
  const isLast = (rows[0]?.looked ?? 0) < looked && !isFull;
  const fitting = distinct(found).filter((one) => fits(one.entry, filter));
  const entries = await withErasures(
    sql,
    fitting.map(({ entry }) => entry),
  );
  return {
    found: fitting.map((one, nth) => ({ ...one, entry: entries[nth] ?? one.entry })),
    position: isLast ? undefined : isFull ? found.at(-1)?.position : lastLooked(rows[0]),
  };
}

function foundEntry(row: SliceRow): FoundEntry {
  return {
    entry: storedEntry(row),
    position: { at: row.position_at ?? row.at, log: row.log_id, index: Number(row.index) },
  };
}

function lastLooked(row: SliceRow | undefined): EntryPosition | undefined {
  if (!row || row.last_at === null || row.last_log === null) return undefined;
  return { at: row.last_at, log: row.last_log, index: Number(row.last_index) };
}

/** An entry that names a person twice stands twice, one after the other. */
function distinct(found: readonly FoundEntry[]): readonly FoundEntry[] {
  return found.filter(({ position }, nth) => {
    const before = found[nth - 1]?.position;
    return before?.log !== position.log || before.index !== position.index;
  });
}

/**
 * What the bytes of an entry without columns were looked through for may stand in them as something else. A row with
 * columns is shown as the database found it: if they differ from the bytes, the row is marked.
 */
function fits({ body }: StoredEntry, { officer, register, category }: SearchFilter): boolean {
  if (body.kind === 'unreadable' || body.schemaVersion >= FIRST_WITH_COLUMNS) return true;
  const columns = columnsOf(body);
  return (
    (officer === undefined || columns.officer === officer) &&
    (register === undefined || columns.registers.includes(register)) &&
    (category === undefined || columns.categories.includes(category))
  );
}

const FIRST_WITH_COLUMNS = 4;
