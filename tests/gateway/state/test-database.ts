import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded, type ConnectionSettings, type EmbeddedServer } from '../../../gateway/state/embedded/server.js';
import { postmasterPid } from '../../../gateway/state/embedded/postmaster.js';
import { migrate, readMigrations } from '../../../gateway/state/migrations.js';
import { createSql } from '../../../gateway/state/pool.js';
import { ensureEmbeddedRoles } from '../../../gateway/state/roles.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import { copyCluster } from '../../made-once.js';
import { checkEntries } from '../../monitoring/audit/valid-entries.js';

/** A database of its own on the server that all tests of a run share. */
export interface TestDatabase {
  /** As the runtime role. */
  readonly sql: Sql;
  readonly ownerSql: Sql;
  /** As the runtime role, for drivers that take a URL. */
  readonly url: string;
  readonly settings: { readonly owner: ConnectionSettings; readonly runtime: ConnectionSettings };
  /** Closes the connections, after it has checked every entry of the log by the schema of entries. */
  close(): Promise<void>;
}

interface Shared {
  readonly server: EmbeddedServer;
  readonly directory: string;
}

/** The one server of a test run: started at first use, ended by the root hook. */
class SharedServer {
  #shared: Promise<Shared> | undefined;
  #opened = 0;

  get(): Promise<Shared> {
    return (this.#shared ??= this.#start());
  }

  nextName(): string {
    this.#opened += 1;
    return `test_${process.pid}_${this.#opened}`;
  }

  async stop(): Promise<void> {
    const shared = await this.#shared;
    this.#shared = undefined;
    await shared?.server.stop();
    if (shared) rmSync(shared.directory, { recursive: true, force: true });
  }

  async #start(): Promise<Shared> {
    const directory = mkdtempSync(join(tmpdir(), 'tereze-test-'));
    await copyCluster(directory);
    // Statistics change only when a test says so. Taken amid the inserts of another transaction they count a full table as
    // nearly empty until they are taken again, and a test that counts the rows of a plan would depend on the moment.
    appendFileSync(join(directory, 'data', 'postgresql.conf'), '\nautovacuum = off\n');
    const server = await startEmbedded({ directory });
    // A run without the root hook must leave no server behind either.
    process.once('exit', () => endAtOnce(directory));
    const owner = createSql({ connection: server.owner, maxConnections: 1 });
    await ensureEmbeddedRoles(owner, server.runtime.password);
    await owner.close();
    return { server, directory };
  }
}

function endAtOnce(directory: string): void {
  const pid = postmasterPid(join(directory, 'data'));
  if (pid !== undefined) process.kill(pid, 'SIGINT');
}

const sharedServer = new SharedServer();

/** Opens a fresh database with these folders of migrations applied. */
export async function openTestDatabase(
  options: { readonly migrations?: readonly string[] } = {},
): Promise<TestDatabase> {
  const { server } = await sharedServer.get();
  const database = sharedServer.nextName();
  const maintenance = createSql({ connection: server.owner, maxConnections: 1 });
  await maintenance.query(`CREATE DATABASE ${database}`);
  await maintenance.close();
  const settings = { owner: { ...server.owner, database }, runtime: { ...server.runtime, database } };
  const ownerSql = createSql({ connection: settings.owner, maxConnections: 4 });
  await ownerSql.query('GRANT USAGE ON SCHEMA public TO tereze_runtime');
  await migrate(ownerSql, readMigrations(options.migrations ?? []));
  const sql = createSql({ connection: settings.runtime });
  return {
    sql,
    ownerSql,
    url: urlOf(settings.runtime),
    settings,
    close: async () => {
      try {
        await checkEntries(ownerSql);
      } finally {
        await Promise.all([sql.close(), ownerSql.close()]);
      }
    },
  };
}

/** libpq's form for a socket folder: the query names it. */
function urlOf({ user, password, host, port, database }: ConnectionSettings): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
}

/** Ends the shared server; the root hook calls it after the last test. */
export function stopTestDatabase(): Promise<void> {
  return sharedServer.stop();
}
