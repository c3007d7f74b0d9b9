import type { Clock } from '../../schemas/ports/clock.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { StateFailure } from './state-failure.js';

const DURABILITY_SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;
const MAX_CLOCK_DIFFERENCE_MS = 5_000;

/** Refuses a database that may forget what it has acknowledged. */
export async function assertDurable(sql: Sql): Promise<void> {
  const { rows } = await sql.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
    [DURABILITY_SETTINGS],
  );
  const off = rows.filter(({ setting }) => setting === 'off').map(({ name }) => name);
  if (off.length > 0)
    throw new StateFailure('NOT_DURABLE', `the state database runs with ${off.join(', ')} off`, {
      hint: 'The audit log needs them on.',
    });
}

/** Refuses a database whose clock differs by more than five seconds: leases and expiries would mean different things. */
export async function assertClockAgrees(sql: Sql, clock: Clock): Promise<void> {
  const { rows } = await sql.query<{ now: string }>('SELECT clock_timestamp() AS now');
  const difference = Math.abs(Date.parse(rows[0]?.now ?? '') - clock.now().getTime());
  if (difference <= MAX_CLOCK_DIFFERENCE_MS) return;
  throw new StateFailure(
    'CLOCKS_DIFFER',
    `the clocks of gateway and state database differ by ${Math.round(difference / 1000)} s`,
  );
}
