import { PREPARED, SqlFailure, type Sql } from '../../../schemas/ports/sql.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import { columnsOf } from '../beside/columns.js';
import { withErasures } from '../removals/removals.js';
import { storedEntry, type EntryRow, type StoredEntry } from '../stored-entry.js';
import type { EntryPosition } from './cursor.js';
import type { SearchFilter } from './filter.js';
import { entriesStatement, positionsStatement, scanOf } from './statement.js';

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

/** A row of {@link positionsStatement}. */
interface PositionRow {
  readonly looked: number;
  readonly last_at: string | null;
  readonly last_log: string | null;
  readonly last_index: string | null;
  readonly at: string | null;
  readonly log_id: string | null;
  readonly index: string | null;
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
  const { isEveryRow } = scanOf(filter);
  let after = options.after;
  let looked = isEveryRow ? rows : Math.max(rows, FIRST_LOOKED);
  for (;;) {
    const begun = clock.monotonic();
    const part = await readPart(options, after, looked).catch(unlessTooLong);
    if (part === undefined) {
      if (looked <= LEAST_LOOKED)
        throw new SqlFailure('a search takes too long', { outcome: 'not_done', code: TOO_LONG });
      looked = Math.max(LEAST_LOOKED, Math.floor(looked / GROWTH));
      continue;
    }
    yield part;
    if (part.position === undefined) return;
    after = part.position;
    if (!isEveryRow && clock.monotonic() - begun < SHORT_MS) looked = Math.min(MOST_LOOKED, looked * GROWTH);
  }
}

function unlessTooLong(error: unknown): undefined {
  if (error instanceof SqlFailure && error.code === TOO_LONG) return undefined;
  throw error;
}

async function readPart(
  { sql, filter, but, rows: most = DEFAULT_ROWS }: ScanOptions,
  after: EntryPosition | undefined,
  looked: number,
): Promise<ScannedPart> {
  // The rows of a person do not say of which request they are: one more is taken, for the entry of the search itself.
  const more = but !== undefined && scanOf(filter).scan === 'person' ? 1 : 0;
  const request = { filter, after, looked: looked + more, rows: most + more, but };
  const { text, values } = positionsStatement(request);
  const { rows } = await sql.query<PositionRow>(text, values, PREPARED);
  const positions = rows.flatMap(({ at, log_id: log, index }) => positionOf(at, log, index) ?? []);
  const all = await readEntries(sql, distinct(positions), but);
  const found = all.slice(0, most);
  const isFull = positions.length === request.rows;
  const isLast = !isFull && (rows[0]?.looked ?? 0) < request.looked;
  return {
    found: found.filter(({ entry }) => fits(entry, filter)),
    position:
      found.length < all.length
        ? found.at(-1)?.position
        : isFull
          ? positions.at(-1)
          : isLast
            ? undefined
            : lastLooked(rows[0]),
  };
}

async function readEntries(
  sql: Sql,
  positions: readonly EntryPosition[],
  but: string | undefined,
): Promise<readonly FoundEntry[]> {
  if (positions.length === 0) return [];
  const { text, values } = entriesStatement(positions, but);
  const { rows } = await sql.query<EntryRow>(text, values, PREPARED);
  const entries = await withErasures(sql, rows.map(storedEntry));
  return rows.flatMap(({ at, log_id: log, index }, nth) => {
    const entry = entries[nth];
    return entry === undefined ? [] : [{ entry, position: { at, log, index: Number(index) } }];
  });
}

function positionOf(at: string | null, log: string | null, index: string | null): EntryPosition | undefined {
  return at === null || log === null ? undefined : { at, log, index: Number(index) };
}

function lastLooked(row: PositionRow | undefined): EntryPosition | undefined {
  return row && positionOf(row.last_at, row.last_log, row.last_index);
}

/** An entry that names a person twice stands twice, one after the other. */
function distinct(positions: readonly EntryPosition[]): readonly EntryPosition[] {
  return positions.filter(({ log, index }, nth) => {
    const before = positions[nth - 1];
    return before?.log !== log || before.index !== index;
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
