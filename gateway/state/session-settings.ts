import { SqlFailure, type SqlExecutor } from '../../schemas/ports/sql.js';
import { quotedIdentifier } from './identifier.js';
import { StateFailure } from './state-failure.js';

/** The server ends a statement of the runtime role that runs longer than this, in milliseconds. */
export const STATEMENT_LIMIT_MS = 5_000;
const IDLE_IN_TRANSACTION_LIMIT_MS = 10_000;

/**
 * What must hold in every session of the runtime role, and the value that `tereze db migrate` sets. They are defaults of
 * the role, because these hold in every way of connecting: a pooler like PgBouncer refuses or drops settings in the
 * startup packet, and a session that several clients share forgets none of what `SET` leaves in it.
 */
const REQUIRED: readonly RequiredSetting[] = [
  { name: 'statement_timeout', value: `${STATEMENT_LIMIT_MS}ms`, holds: within(STATEMENT_LIMIT_MS) },
  {
    name: 'idle_in_transaction_session_timeout',
    value: `${IDLE_IN_TRANSACTION_LIMIT_MS}ms`,
    holds: within(IDLE_IN_TRANSACTION_LIMIT_MS),
  },
  // The time zone is free: instants come with their offset.
  { name: 'DateStyle', value: 'ISO', holds: (setting) => setting.startsWith('ISO') },
  // A warning tells that a commit did not wait for the standby: it must arrive.
  {
    name: 'client_min_messages',
    value: 'notice',
    holds: (setting) => !['error', 'fatal', 'panic'].includes(setting),
  },
];

interface RequiredSetting {
  readonly name: string;
  readonly value: string;
  /** Whether a value as `pg_settings` shows it is good enough. */
  readonly holds: (setting: string) => boolean;
}

/** Zero means no limit at all. */
function within(limitMs: number): (setting: string) => boolean {
  return (setting) => Number(setting) > 0 && Number(setting) <= limitMs;
}

/** Refuses a session of the runtime role in which a required setting does not hold, with the statements that repair it. */
export async function assertSessionSettings(sql: SqlExecutor): Promise<void> {
  const missing = await missingSettings(sql);
  if (missing.length === 0) return;
  throw new StateFailure(
    'SESSION_SETTINGS',
    `sessions of the runtime role lack ${missing.map(({ name, value }) => `${name} = ${value}`).join(', ')}`,
    {
      hint: `Run \`tereze db migrate\`, or as the runtime role itself:\n${(await statements(sql, missing)).join('\n')}\nThen restart a pooler in between.`,
    },
  );
}

/**
 * Makes required settings that do not hold defaults of the role that `sql` is signed in as, in its database. Sessions that
 * began before keep what they had, and a pooler would go on handing them out: those are ended, `sql`'s own included.
 */
export async function setRoleDefaults(sql: SqlExecutor): Promise<void> {
  const missing = await missingSettings(sql);
  if (missing.length === 0) return;
  for (const statement of await statements(sql, missing)) await sql.query(statement);
  await sql.query(END_SESSIONS).catch(unlessEnded);
}

const END_SESSIONS = `
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE usename = session_user AND datname = current_database()
ORDER BY pid = pg_backend_pid()`;

function unlessEnded(error: unknown): void {
  if (!(error instanceof SqlFailure && error.outcome === 'unknown')) throw error;
}

async function missingSettings(sql: SqlExecutor): Promise<readonly RequiredSetting[]> {
  const { rows } = await sql.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
    [REQUIRED.map(({ name }) => name)],
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  return REQUIRED.filter(({ name, holds }) => !holds(settings.get(name) ?? ''));
}

async function statements(sql: SqlExecutor, settings: readonly RequiredSetting[]): Promise<readonly string[]> {
  const { rows } = await sql.query<{ role: string; database: string }>(
    'SELECT session_user AS role, current_database() AS database',
  );
  const { role = '', database = '' } = rows[0] ?? {};
  return settings.map(
    ({ name, value }) =>
      `ALTER ROLE ${quotedIdentifier(role)} IN DATABASE ${quotedIdentifier(database)} SET ${name} = '${value}';`,
  );
}
