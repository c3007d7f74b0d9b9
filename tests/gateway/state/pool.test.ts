import { expect } from 'chai';
import net from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSql } from '../../../gateway/state/pool.js';
import type { SqlFailure } from '../../../schemas/ports/sql.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

const failureOf = (attempt: Promise<unknown>): Promise<SqlFailure> =>
  attempt.then(
    () => expect.fail('did not fail'),
    (error: unknown) => error as SqlFailure,
  );

describe('pool', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
    await database.ownerSql.query('CREATE TABLE thing (id int PRIMARY KEY); GRANT ALL ON thing TO tereze_runtime');
  });
  after(() => database.close());

  it('keeps large integers, decimals and dates as text, and instants as ISO in UTC', async () => {
    const { rows } = await database.sql.query(
      `SELECT 9007199254740993::int8 AS big, 1.10::numeric AS money, '2026-02-28'::date AS day, '2026-03-02 15:04:05.678+05'::timestamptz AS at, '{"a":[1]}'::jsonb AS doc, '\\x00ff'::bytea AS bytes`,
    );
    expect(rows[0]).to.deep.equal({
      big: '9007199254740993',
      money: '1.10',
      day: '2026-02-28',
      at: '2026-03-02T10:04:05.678Z',
      doc: { a: [1] },
      bytes: Buffer.from([0, 255]),
    });
  });

  it('rolls a transaction back when its work fails', async () => {
    const failure = await failureOf(
      database.sql.transaction(async (tx) => {
        await tx.query('INSERT INTO thing VALUES (1)');
        await tx.query('INSERT INTO thing VALUES (1)');
      }),
    );
    expect(failure).to.deep.include({ outcome: 'not_done', code: '23505' });
    expect((await database.sql.query('SELECT 1 FROM thing')).count).to.equal(0);
  });

  it('lets the runtime role change no schema', async () => {
    const failure = await failureOf(database.sql.query('CREATE TABLE mine (a int)'));
    expect(failure).to.deep.include({ outcome: 'not_done', code: '42501' });
  });

  it('never says what values a failed statement had', async () => {
    await database.sql.query('INSERT INTO thing VALUES (77)');
    const failure = await failureOf(database.sql.query('INSERT INTO thing VALUES ($1)', [77]));
    expect(failure.message).to.not.include('77');
    await database.sql.query('DELETE FROM thing');
  });

  it('leaves the outcome open when the reply to a statement is lost', async () => {
    const cut = await cuttingProxy(database);
    const sql = createSql({ connection: { ...database.settings.runtime, host: cut.directory } });
    await sql.query('SELECT 1');
    cut.cutAfterNextRequest();
    const failure = await failureOf(sql.query('INSERT INTO thing VALUES (5)'));
    expect(failure.outcome).to.equal('unknown');
    expect((await sql.query('SELECT 1')).count).to.equal(1);
    await sql.close();
    await cut.close();
  });

  it('says that nothing was done when there is no connection at all', async () => {
    const sql = createSql({ connection: { ...database.settings.runtime, host: '/nonexistent' } });
    expect((await failureOf(sql.query('SELECT 1'))).outcome).to.equal('not_done');
    await sql.close();
  });
});

interface CuttingProxy {
  readonly directory: string;
  /** The next request reaches the server; its reply does not come back. */
  cutAfterNextRequest(): void;
  close(): Promise<void>;
}

async function cuttingProxy({ settings }: TestDatabase): Promise<CuttingProxy> {
  const directory = mkdtempSync(join(tmpdir(), 'tereze-cut-'));
  const name = `.s.PGSQL.${settings.runtime.port}`;
  let armed = false;
  const server = net.createServer((client) => {
    const upstream = net.connect(join(settings.runtime.host, name));
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk) => {
      if (armed) client.destroy();
      else client.write(chunk);
    });
    upstream.on('close', () => client.destroy());
    client.on('close', () => {
      upstream.destroy();
      armed = false;
    });
  });
  await new Promise<void>((resolve) => server.listen(join(directory, name), resolve));
  return {
    directory,
    cutAfterNextRequest: () => void (armed = true),
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
