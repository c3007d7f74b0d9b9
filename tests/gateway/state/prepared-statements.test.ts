import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSql } from '../../../gateway/state/pool.js';
import {
  PREPARED,
  type Sql,
  type SqlExecutor,
  type SqlFailure,
  type StatementOptions,
} from '../../../schemas/ports/sql.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

const ANSWER = 'SELECT $1::int + 1 AS answer';
/** Says how the server plans: `force_generic_plan`, or `auto`, which is its own choice. */
const PLANS = 'SELECT current_setting($1) AS plans';
const SETTING = ['plan_cache_mode'];

describe('prepared statements', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
    await database.ownerSql.query('CREATE TABLE thing (id int); GRANT ALL ON thing TO tereze_runtime');
  });
  after(() => database.close());

  /** Texts that the one connection of a pool keeps prepared. */
  const keptBy = async (sql: Sql): Promise<readonly string[]> =>
    (await sql.query<{ statement: string }>('SELECT statement FROM pg_prepared_statements')).rows.map(
      ({ statement }) => statement,
    );

  const withPool = async (
    connection: string | TestDatabase['settings']['runtime'],
    use: (sql: Sql) => Promise<void>,
  ) => {
    const sql = createSql({ connection, maxConnections: 1 });
    try {
      await use(sql);
    } finally {
      await sql.close();
    }
  };

  it('are kept once on a connection, in transactions too, and only where it is asked for', () =>
    withPool(database.url, async (sql) => {
      for (const value of [1, 2, 3]) {
        const { rows } = await sql.query(ANSWER, [value], PREPARED);
        expect(rows).to.deep.equal([{ answer: value + 1 }]);
      }
      await sql.transaction((tx) => tx.query(ANSWER, [4], PREPARED));
      await sql.query('SELECT $1::int AS other', [1]);
      expect(await keptBy(sql)).to.deep.equal([ANSWER]);
    }));

  it('are planned once, for any values', () =>
    withPool(database.url, async (sql) => {
      for (const value of [1, 2, 3]) await sql.query(ANSWER, [value], PREPARED);
      // A statement of another kind between them changes nothing.
      await sql.query('SELECT $1::int AS other', [1]);
      await sql.query(ANSWER, [4], PREPARED);
      const { rows } = await sql.query('SELECT generic_plans, custom_plans FROM pg_prepared_statements');
      expect(rows).to.deep.equal([{ generic_plans: '4', custom_plans: '0' }]);
    }));

  it('do not change how other statements are planned', () =>
    withPool(database.url, async (sql) => {
      const plansOf = async (one: SqlExecutor, options?: StatementOptions): Promise<unknown> =>
        (await one.query<{ plans: string }>(PLANS, SETTING, options)).rows[0]?.plans;
      expect(await plansOf(sql, PREPARED)).to.equal('force_generic_plan');
      expect(await plansOf(sql)).to.equal('auto');
      expect(await plansOf(sql, PREPARED)).to.equal('force_generic_plan');
      expect(await sql.transaction((tx) => plansOf(tx))).to.equal('auto');
      expect(await plansOf(sql, PREPARED)).to.equal('force_generic_plan');
      const undone = sql.transaction(async (tx) => {
        await plansOf(tx, PREPARED);
        throw new Error('undone');
      });
      await undone.catch(() => undefined);
      expect(await plansOf(sql)).to.equal('auto');
      expect(await plansOf(sql, PREPARED)).to.equal('force_generic_plan');
    }));

  it('are kept on the embedded server without a question to it', () =>
    withPool(database.settings.runtime, async (sql) => {
      await sql.query(ANSWER, [1], PREPARED);
      expect(await keptBy(sql)).to.deep.equal([ANSWER]);
    }));

  it('are not kept behind a pooler, whose connections lead to changing server processes', async () => {
    const pooler = await openPooler(database);
    try {
      await withPool(pooler.url, async (sql) => {
        const { rows } = await sql.query(ANSWER, [1], PREPARED);
        expect(rows).to.deep.equal([{ answer: 2 }]);
        await sql.transaction((tx) => tx.query(ANSWER, [4], PREPARED));
        expect(await keptBy(sql)).to.deep.equal([]);
        const said = await sql.query(PLANS, SETTING, PREPARED);
        expect(said.rows).to.deep.equal([{ plans: 'auto' }]);
      });
    } finally {
      await pooler.close();
    }
  });

  it('that no longer fit the schema fail once, and are made again', () =>
    withPool(database.url, async (sql) => {
      const text = 'SELECT * FROM thing';
      await sql.query(text, [], PREPARED);
      await database.ownerSql.query('ALTER TABLE thing ADD COLUMN more text');
      const failure = await sql.query(text, [], PREPARED).then(
        () => expect.fail('did not fail'),
        (error: unknown) => error as SqlFailure,
      );
      expect(failure).to.deep.include({ outcome: 'not_done', code: '0A000' });
      expect((await sql.query(text, [], PREPARED)).rows).to.deep.equal([]);
    }));
});

/** Stands before the server as a pooler does: the process that it names in the startup is none of the server's. */
async function openPooler({ url, settings }: TestDatabase): Promise<{ url: string; close(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'tereze-pooler-'));
  const name = `.s.PGSQL.${settings.runtime.port}`;
  const server = net.createServer((client) => {
    const upstream = net.connect(join(settings.runtime.host, name));
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.pipe(upstream);
    upstream.on('data', (chunk) => client.write(renamed(chunk)));
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(join(directory, name), resolve));
  const address = new URL(url.replace('@/', '@localhost/'));
  address.searchParams.set('host', directory);
  return {
    url: address.href.replace('@localhost/', '@/'),
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Changes the process id of a `BackendKeyData` message: type `K`, length 12, process id, secret. */
function renamed(chunk: Buffer): Buffer {
  const at = chunk.indexOf(Buffer.from('4b0000000c', 'hex'));
  if (at >= 0) chunk.writeInt32BE(chunk.readInt32BE(at + 5) + 1_000_000, at + 5);
  return chunk;
}
