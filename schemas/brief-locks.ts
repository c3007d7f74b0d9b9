import { setTimeout as sleep } from 'node:timers/promises';
import { SqlFailure, type Sql, type SqlExecutor } from './ports/sql.js';

/** Ends the time limits of a transaction, but for that on locks. */
export const WITHOUT_LIMITS = 'SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0';
/** Everyone who comes after a session that waits for a table waits with it. So it waits for less than an append may take. */
const WAIT_MS = 400;
const PAUSE_MS = 100;
/** Longer than any statement of the runtime role may take. */
const TRIES = 14;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs a transaction of the owner that changes tables which others use. If it does not get a lock within 400 ms, it is
 * rolled back and begun again after a pause, in which the others go on: 14 times, which takes seven seconds. Then it
 * rejects with a failure of which {@link isLocked} is true, and nothing is done. Statements may take as long as they need.
 */
export async function inBriefLocks<T>(owner: Sql, work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await owner.transaction(async (tx) => {
        await tx.query(`SET LOCAL lock_timeout = ${WAIT_MS}; ${WITHOUT_LIMITS}`);
        return work(tx);
      });
    } catch (error) {
      if (!isLocked(error) || tried === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Whether a table could not be locked, because another session holds it. */
export function isLocked(error: unknown): boolean {
  return error instanceof SqlFailure && error.code === LOCK_NOT_AVAILABLE;
}
