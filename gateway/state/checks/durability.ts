import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { StateFailure } from '../state-failure.js';

/** What each setting may be, as it is for this session: server, database and role can each set it. */
const DURABLE: Readonly<Record<string, readonly string[]>> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  // `local` does not ask a standby, and `remote_write` does not ask its disk.
  synchronous_commit: ['on', 'remote_apply'],
};

/** Refuses a database that may forget what it has acknowledged. */
export async function assertDurable(sql: SqlExecutor): Promise<void> {
  const { rows } = await sql.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
    [Object.keys(DURABLE)],
  );
  const found = new Map(rows.map(({ name, setting }) => [name, setting]));
  const wrong = Object.entries(DURABLE).filter(([name, good]) => !good.includes(found.get(name) ?? ''));
  if (wrong.length === 0) return;
  throw new StateFailure(
    'NOT_DURABLE',
    `the state database runs with ${wrong.map(([name]) => `${name} = ${found.get(name) ?? 'unknown'}`).join(', ')}`,
    {
      hint: `The audit log needs ${wrong.map(([name, good]) => `${name} = ${good.join(' or ')}`).join(', ')}, for the server as for this role and database.`,
    },
  );
}
