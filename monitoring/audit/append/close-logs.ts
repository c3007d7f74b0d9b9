import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { ClosedLog } from '../entries/state.js';
import type { ClaimedLog } from './lease.js';
import { LOG_NAME, numberOfLog } from '../log-name.js';
import type { Appended } from '../port.js';
import { EMPTY_TREE } from '../tree/log-tree.js';

/** Logs that are made at once: the most replicas that write at the same time (`audit.logs`). */
const LOGS_OF_AN_EPOCH = 256;

export interface ClosingLogs {
  /** Sizes of the logs in the newest signed head. */
  readonly headSizes: ReadonlyMap<string, number>;
  /** The epoch of the state that begins. Logs have numbers from 256 times the epoch on. */
  readonly epoch: number;
}

/** The logs to close, and the first of those in which entries go on. */
export interface Succession {
  /** All of them, those without an entry too. */
  readonly closedLogs: readonly ClosedLog[];
  readonly next: ClaimedLog;
}

interface HeadRow {
  readonly log_id: string;
  readonly size: string;
  readonly head_size: string | null;
}

/**
 * Locks every log against appends, and makes logs whose numbers were never used, neither here nor in
 * the signed head. To be called by the owner, in the transaction in which {@link closeLogs} closes the
 * others.
 */
export async function succeedLogs(owner: SqlExecutor, { headSizes, epoch }: ClosingLogs): Promise<Succession> {
  const { rows } = await owner.query<HeadRow>(
    'SELECT log_id, size, head_size FROM audit_head ORDER BY log_id FOR UPDATE',
  );
  const known = new Map(rows.map((row) => [row.log_id, row]));
  const logs = [...new Set([...known.keys(), ...headSizes.keys()])].sort((a, b) => numberOfLog(a) - numberOfLog(b));
  const closedLogs = logs.flatMap((log): readonly ClosedLog[] => {
    const size = Number(known.get(log)?.size ?? 0);
    const headSize = Math.max(size, headSizes.get(log) ?? 0);
    const closedAt = known.get(log)?.head_size ?? null;
    // A log that was closed before is closed again only if it lost more than was known.
    return closedAt === null || headSize > Number(closedAt) ? [{ log, size, headSize }] : [];
  });
  const first = Math.max(epoch * LOGS_OF_AN_EPOCH, ...logs.map((log) => numberOfLog(log) + 1));
  await owner.query(
    `INSERT INTO audit_head (log_id) SELECT $1 || '/' || number FROM generate_series($2::bigint, $3::bigint) AS number`,
    [LOG_NAME, first, first + LOGS_OF_AN_EPOCH - 1],
  );
  return { closedLogs, next: { logId: `${LOG_NAME}/${first}`, epoch: '0', size: 0, tree: EMPTY_TREE } };
}

/** Closes logs, as the entry at this place says. A log that only the signed head knows gets a row without entries. */
export async function closeLogs(
  owner: SqlExecutor,
  closedLogs: readonly ClosedLog[],
  { log, index }: Pick<Appended, 'log' | 'index'>,
): Promise<void> {
  await owner.query(
    `INSERT INTO audit_head AS head (log_id, head_size, closed_log, closed_index)
     SELECT closed.log, closed.head_size, $3, $4 FROM unnest($1::text[], $2::bigint[]) AS closed (log, head_size)
     ON CONFLICT (log_id) DO UPDATE SET head_size = excluded.head_size, closed_log = excluded.closed_log,
       closed_index = excluded.closed_index, epoch = head.epoch + 1, holder = NULL, lease_expires_at = NULL`,
    [closedLogs.map((closed) => closed.log), closedLogs.map(({ headSize }) => headSize), log, index],
  );
}
