import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { lengthOf } from '../verify/tile-files.js';

/** Entries of a log from `from` up to `to`, which is not among them. */
export interface EntryRange {
  /** Name in the database. */
  readonly logId: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Resolves with these entries as a bundle (C2SP tlog-tiles: each entry after its length in two bytes), or with undefined if
 * not all of them are in the database: entries of years ago are in an archive.
 */
export async function readBundle(sql: SqlExecutor, { logId, from, to }: EntryRange): Promise<Buffer | undefined> {
  const { rows } = await sql.query<{ readonly entry: Buffer }>(
    'SELECT entry FROM audit_entry WHERE log_id = $1 AND index >= $2 AND index < $3 ORDER BY index',
    [logId, from, to],
  );
  if (rows.length !== to - from) return undefined;
  return Buffer.concat(rows.flatMap(({ entry }) => [lengthOf(entry), entry]));
}
