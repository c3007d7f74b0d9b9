import type { Random } from '../../../schemas/ports/random.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { Claim } from './lease.js';
import { AuditUnavailable } from '../port.js';

/** As long as an entry with a few subjects, and as hard to compress as its hashes. */
const ENTRY_BYTES = 2_048;
const SALT_BYTES = 32;
/** Of two rehearsals at once, neither waits for the position of the other. */
const PLACE_BYTES = 6;

/**
 * Commits a transaction that has written what an append writes and has taken it back: no entry is left.
 * Rejects if an entry could not be written, or if another process holds the log.
 */
export async function rehearseAppend(sql: SqlExecutor, { logId, epoch }: Claim, random: Random): Promise<void> {
  const { count } = await sql.query(
    'SELECT audit_rehearse(log_id, $3, $4, $5, $6) FROM audit_head WHERE log_id = $1 AND epoch = $2',
    [
      logId,
      epoch,
      random.bytes(PLACE_BYTES).readUIntBE(0, PLACE_BYTES),
      random.bytes(ENTRY_BYTES),
      random.bytes(SALT_BYTES).toString('hex'),
      random.bytes(SALT_BYTES),
    ],
  );
  if (count !== 1) throw new AuditUnavailable({ cause: 'fenced' });
}
