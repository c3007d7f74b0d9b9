import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../gateway/compose/clock.js';
import { migrationFolders } from '../../gateway/compose/migration-folders.js';
import { startEmbedded, type ConnectionSettings } from '../../gateway/state/embedded/server.js';
import { migrateAsOwner, migrateState, openOwnerSql } from '../../gateway/state/migrate-state.js';
import { createSql, type SqlPool } from '../../gateway/state/pool.js';
import { monthAfter, monthOf } from '../../monitoring/audit/partitions/months.js';
import { attachPair, lockHeads, makePair } from '../../monitoring/audit/partitions/pairs.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { startPrimary } from '../../tests/gateway/state/debian-programs.js';
import { serverCpuMs } from './server-cpu.js';

/** A database of its own for one measurement, with every migration applied. */
export interface BenchDatabase {
  /** `PostgreSQL 18.4`, as the server says. */
  readonly server: string;
  readonly owner: SqlPool;
  /** How the runtime role connects. */
  readonly runtime: string | ConnectionSettings;
  /** Opens a pool of the runtime role. The caller closes it. */
  open(maxConnections: number): SqlPool;
  /** Returns the CPU time that the server has taken until now, in milliseconds; NaN where the system does not say. */
  cpuMs(): number;
  close(): Promise<void>;
}

const DEBIAN = '/usr/lib/postgresql/15/bin/postgres';

/** Opens a database on the embedded server or, with `PG=15`, on Debian's PostgreSQL 15, which must be installed. */
export async function openBenchDatabase(name: string): Promise<BenchDatabase> {
  const directory = mkdtempSync(join(tmpdir(), `tereze-${name}-`));
  // PostgreSQL does not run as root.
  chmodSync(directory, 0o755);
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const started = process.env['PG'] === '15' ? await startDebian(directory) : await startOwn(directory);
  const owner = openOwnerSql(started.owner);
  const { rows } = await owner.query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
  return {
    server: `PostgreSQL ${rows[0]?.version.split(' ')[0]}`,
    owner,
    runtime: started.runtime,
    cpuMs: () => serverCpuMs(started.data),
    open: (maxConnections) => createSql({ connection: started.runtime, maxConnections }),
    close: async () => {
      await owner.close();
      await started.stop();
      remove();
    },
  };
}

interface Started {
  readonly owner: string | ConnectionSettings;
  readonly runtime: string | ConnectionSettings;
  /** The folder of its data. */
  readonly data: string;
  stop(): Promise<void>;
}

async function startOwn(directory: string): Promise<Started> {
  const folder = join(directory, 'postgres');
  const server = await startEmbedded({ directory: folder });
  await migrateAsOwner(server, { migrations: migrationFolders() });
  return { ...server, data: join(folder, 'data') };
}

async function startDebian(directory: string): Promise<Started> {
  if (!existsSync(DEBIAN)) throw new Error(`this machine has no ${DEBIAN}`);
  const server = await startPrimary(directory);
  await server.ask('CREATE ROLE gateway LOGIN');
  const [owner, runtime] = [server.url(), server.url('gateway')];
  await migrateState({
    ...{ databaseUrl: runtime, databaseAdminUrl: owner, directory, migrations: migrationFolders() },
    ...{ clock: systemClock({ timeZone: 'UTC' }), demands: { role: false, replicated: false } },
  });
  return { owner, runtime, data: server.data, stop: server.stop };
}

/** Gives an empty log the partitions that it would have if it had been made this many months ago: one for each. */
export async function addPastMonths(owner: Sql, now: Date, months: number): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'audit_entry'::regclass AND pg_get_expr(c.relpartbound, c.oid) LIKE '%MINVALUE%'`,
  );
  const { rows: attached } = await owner.query<{ name: string }>(
    `SELECT substr(c.relname, length('audit_entry_') + 1) AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'audit_entry'::regclass`,
  );
  const taken = new Set(attached.map(({ name }) => name.replace('_', '-')));
  await owner.transaction(async (tx) => {
    await lockHeads(tx);
    for (const { name } of rows) await tx.query(`DROP TABLE ${name.replace('entry', 'subject')}, ${name}`);
    for (let back = months; back > -2; back -= 1) {
      const month = monthAfter(monthOf(now), -back);
      if (taken.has(month)) continue;
      await makePair(tx, month);
      await attachPair(tx, month);
    }
  });
}
