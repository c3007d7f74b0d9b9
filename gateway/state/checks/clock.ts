import type { Clock } from '../../../schemas/ports/clock.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { StateFailure } from '../state-failure.js';

const MAX_CLOCK_DIFFERENCE_MS = 5_000;

/** Refuses a database whose clock differs by more than five seconds: leases and expiries would mean different things. */
export async function assertClockAgrees(sql: SqlExecutor, clock: Clock): Promise<void> {
  const { rows } = await sql.query<{ now: string }>('SELECT clock_timestamp() AS now');
  const difference = Math.abs(Date.parse(rows[0]?.now ?? '') - clock.now().getTime());
  if (difference <= MAX_CLOCK_DIFFERENCE_MS) return;
  throw new StateFailure(
    'CLOCKS_DIFFER',
    `the clocks of gateway and state database differ by ${Math.round(difference / 1000)} s`,
  );
}
