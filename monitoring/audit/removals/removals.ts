import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { RetentionBody } from '../entries.js';
import { STORED_ENTRY, storedEntry, type EntryRow, type StoredEntry } from '../stored-entry.js';

/** An act in the log that removed rows: an archive, or an erasure. */
type Removal = Pick<RetentionBody, 'act' | 'since' | 'before' | 'purpose' | 'logs'>;

/**
 * What the log itself says of rows that are missing. Only entries that hash to their leaf count; that they are entries of
 * the log at all is checked with its tree.
 */
export class Removals {
  readonly #erasures: readonly Removal[];
  readonly #archived = new Map<string, number>();

  constructor(removals: readonly Removal[]) {
    this.#erasures = removals.filter(({ act }) => act === 'erased');
    for (const { act, logs } of removals) {
      if (act !== 'archived') continue;
      for (const { log, below } of logs) this.#archived.set(log, Math.max(below, this.archivedBelow(log)));
    }
  }

  /** Returns the index from which on every entry of a log must be there: those before may be in an archive only. */
  archivedBelow(log: string): number {
    return this.#archived.get(log) ?? 0;
  }

  /** The logs of which entries may be in an archive only, each with {@link archivedBelow}. */
  get archived(): ReadonlyMap<string, number> {
    return this.#archived;
  }

  /** Returns whether an act of erasure covers what led from this entry to its people. */
  explainsErased({ log, index, body }: Pick<StoredEntry, 'log' | 'index' | 'body'>): boolean {
    const purpose = 'purpose' in body ? body.purpose : null;
    return this.#erasures.some(
      (act) =>
        (act.since === null || body.at >= act.since) &&
        (act.before === null || body.at < act.before) &&
        (act.purpose === null || act.purpose === purpose) &&
        act.logs.some((one) => one.log === log && index < one.below),
    );
  }

  /** Returns how many rows of people the acts of erasure removed from a log. */
  erasedOf(log: string): number {
    return this.#erasures.flatMap(({ logs }) => logs).reduce((sum, one) => sum + (one.log === log ? one.count : 0), 0);
  }
}

/** Resolves with what the log says of rows that are missing. */
export async function readRemovals(sql: SqlExecutor): Promise<Removals> {
  const { rows } = await sql.query<EntryRow>(
    `SELECT ${STORED_ENTRY} FROM audit_entry e WHERE e.kind = 'retention' AND e.outcome IN ('archived', 'erased') ORDER BY e.at`,
  );
  return new Removals(
    rows.map(storedEntry).flatMap(({ body, intact }) => (intact && body.kind === 'retention' ? [body] : [])),
  );
}

/**
 * Resolves with the entries as they are, but for rows of people that an act of erasure removed: these are no difference.
 * Asks the database only if a row is missing.
 */
export async function withErasures(sql: SqlExecutor, entries: readonly StoredEntry[]): Promise<readonly StoredEntry[]> {
  if (!entries.some(lacksPeople)) return entries;
  const removals = await readRemovals(sql);
  return entries.map((entry) => ({ ...entry, differences: unexplained(entry, removals).differences }));
}

/**
 * Returns what differs of an entry and is not explained by an act of erasure, and how many people were erased from it. An
 * erasure leaves no row of an entry: where some are left, the others were removed by someone else.
 */
export function unexplained(
  entry: StoredEntry,
  removals: Removals,
): { readonly differences: StoredEntry['differences']; readonly erased: number } {
  const { differences, body } = entry;
  const missing = differences.filter(({ kind }) => kind === 'subject_missing').length;
  if (missing === 0 || missing < peopleWithRows(body) || !removals.explainsErased(entry))
    return { differences, erased: 0 };
  return { differences: differences.filter(({ kind }) => kind !== 'subject_missing'), erased: missing };
}

function lacksPeople({ differences }: StoredEntry): boolean {
  return differences.some(({ kind }) => kind === 'subject_missing');
}

function peopleWithRows(body: StoredEntry['body']): number {
  const subjects = 'subjects' in body ? body.subjects : [];
  return subjects.filter((subject) => typeof subject === 'string' || subject.index !== null).length;
}
