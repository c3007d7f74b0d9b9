import { PREPARED, SqlFailure, type SqlExecutor } from '../../../schemas/ports/sql.js';
import { ENTRY_SELECTION, SUBJECT_SELECTION, type EntryRow, type StoredSubjectRow } from '../stored-entry.js';

/** Entries that are read at once. */
const PAGE = 5_000;

/** SQLSTATE query_canceled: the time limit of a statement. */
const STATEMENT_TOOK_TOO_LONG = '57014';

/** Some rows of a log, as they stand in the database. */
export interface Page {
  /** Index of the first entry that belongs in the page. */
  readonly from: number;
  /** Index after the last one. */
  readonly to: number;
  /** Rows of entries between, by index. One that should be there may be missing. */
  readonly entries: readonly EntryRow[];
  /** Index of the first row of a person that belongs to no entry of the page; undefined if there is none. */
  readonly strayIndex: number | undefined;
}

/** Which entries of a log: from `from` up to `to`, which is not among them. */
export interface PageRange {
  readonly log: string;
  readonly from: number;
  readonly to: number;
}

/** Reads entries with all that stands beside them, page by page. The next page is read while one is looked at. */
export async function* readPages(sql: SqlExecutor, { log, from, to }: PageRange): AsyncGenerator<Page> {
  let next = from < to ? readPage(sql, { log, from, to: Math.min(from + PAGE, to) }) : undefined;
  while (next !== undefined) {
    const page = await next;
    next = page.to < to ? readPage(sql, { log, from: page.to, to: Math.min(page.to + PAGE, to) }) : undefined;
    // A consumer that stops early never looks at the page that is being read.
    next?.catch(() => undefined);
    yield page;
  }
}

type SelectedEntry = Pick<
  EntryRow,
  'log_id' | 'index' | 'request_id' | 'at' | 'schema_version' | 'entry' | 'leaf_hash' | 'answer_salt'
>;

interface SelectedSubject extends StoredSubjectRow {
  readonly index: string;
}

/** Reads a page; in halves where the database would take too long for all of it. */
async function readPage(sql: SqlExecutor, range: PageRange): Promise<Page> {
  try {
    return await readAtOnce(sql, range);
  } catch (error) {
    const { from, to } = range;
    if (!(error instanceof SqlFailure) || error.code !== STATEMENT_TOOK_TOO_LONG || to - from === 1) throw error;
    const middle = Math.ceil((from + to) / 2);
    const first = await readPage(sql, { ...range, to: middle });
    const second = await readPage(sql, { ...range, from: middle });
    return {
      from,
      to,
      entries: [...first.entries, ...second.entries],
      strayIndex: first.strayIndex ?? second.strayIndex,
    };
  }
}

async function readAtOnce(sql: SqlExecutor, { log, from, to }: PageRange): Promise<Page> {
  const range = [log, from, to];
  const [{ rows: entries }, { rows: subjects }] = await Promise.all([
    sql.query<SelectedEntry>(
      `SELECT ${ENTRY_SELECTION} FROM audit_entry e WHERE e.log_id = $1 AND e.index >= $2 AND e.index < $3 ORDER BY e.index`,
      range,
      PREPARED,
    ),
    sql.query<SelectedSubject>(
      `SELECT ${SUBJECT_SELECTION} FROM audit_subject s WHERE s.log_id = $1 AND s.index >= $2 AND s.index < $3 ORDER BY s.index, s.position`,
      range,
      PREPARED,
    ),
  ]);
  const subjectsOf = new Map<string, SelectedSubject[]>();
  for (const subject of subjects) {
    const rows = subjectsOf.get(subject.index);
    if (rows === undefined) subjectsOf.set(subject.index, [subject]);
    else rows.push(subject);
  }
  const page = entries.map((entry): EntryRow => {
    const rows = subjectsOf.get(entry.index) ?? null;
    subjectsOf.delete(entry.index);
    return { ...(entry as EntryRow), subjects: rows };
  });
  const [stray] = subjectsOf.keys();
  return { from, to, entries: page, strayIndex: stray === undefined ? undefined : Number(stray) };
}
