import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { areEqual } from '../tree/check-proofs.js';
import { parseCheckpoint, type Checkpoint } from '../tree/checkpoint.js';
import { openNote, type NoteVerifier } from '../tree/open-note.js';
import { parseNote } from '../tree/note-text.js';
import { FaultFound } from './fault.js';
import type { EntryWatcher } from './verify-log.js';

/** Checkpoints that are read at once. */
const PAGE = 1_000;

interface CheckpointRow {
  readonly size: string;
  readonly root: Buffer;
  readonly note: string | null;
}

/** Which stored checkpoints are compared, and with what. */
export interface NotesToVerify {
  /** Name of the log in the database. */
  readonly log: string;
  /** Checkpoints up to this size were verified before. */
  readonly from: number;
  /** Name of the log in its checkpoints; undefined if the installation has none, so that none can be signed. */
  readonly publicLog: string | undefined;
  /** Keys that sign checkpoints of the log, or did. Without one, signatures are not checked. */
  readonly verifiers: readonly NoteVerifier[];
}

/**
 * Returns what compares every stored checkpoint of a log (`audit_checkpoint`) with its entries: its root is that of the
 * tree of its size, and its note says the same and is signed. One that is not signed yet has no note.
 */
export function watchStoredNotes(sql: SqlExecutor, notes: NotesToVerify): EntryWatcher {
  let page: CheckpointRow[] = [];
  let after = notes.from;
  let isLast = false;
  const next = async (): Promise<CheckpointRow | undefined> => {
    if (page.length === 0 && !isLast) {
      const { rows } = await sql.query<CheckpointRow>(
        'SELECT size, root, note FROM audit_checkpoint WHERE log_id = $1 AND size > $2 ORDER BY size LIMIT $3',
        [notes.log, after, PAGE],
      );
      isLast = rows.length < PAGE;
      page = [...rows];
      after = Number(rows.at(-1)?.size ?? after);
    }
    return page[0];
  };
  return async ({ tree }) => {
    const row = await next();
    if (row === undefined || Number(row.size) !== tree.size) return;
    page.shift();
    const fault = areEqual(row.root, tree.root())
      ? row.note === null
        ? undefined
        : noteFault(row.note, { origin: notes.publicLog, size: tree.size, root: row.root }, notes.verifiers)
      : 'its root is not that of the entries';
    if (fault !== undefined) throw new FaultFound('checkpoint', tree.size, `the stored checkpoint: ${fault}`);
  };
}

/** Resolves with the size of a checkpoint that signed more entries than the log has, or undefined. */
export async function readCheckpointBeyond(sql: SqlExecutor, log: string, size: number): Promise<number | undefined> {
  const { rows } = await sql.query<{ readonly size: string | null }>(
    'SELECT min(size) AS size FROM audit_checkpoint WHERE log_id = $1 AND size > $2',
    [log, size],
  );
  const beyond = rows[0]?.size ?? null;
  return beyond === null ? undefined : Number(beyond);
}

/** Returns why a note is not that of a checkpoint, or undefined if it is. */
function noteFault(
  note: string,
  { origin, size, root }: Omit<Checkpoint, 'origin'> & { readonly origin: string | undefined },
  verifiers: readonly NoteVerifier[],
): string | undefined {
  const said = parseCheckpoint(parseNote(note)?.text ?? '');
  if (said === undefined) return 'its note is none';
  if (said.origin !== origin || said.size !== size || !areEqual(said.root, root)) return 'its note says something else';
  if (verifiers.length === 0) return undefined;
  const opened = openNote(note, verifiers);
  if (typeof opened !== 'string') return undefined;
  return opened === 'unknown_keys'
    ? 'no known key signed it; name an earlier one with --key'
    : 'its signature is wrong';
}
