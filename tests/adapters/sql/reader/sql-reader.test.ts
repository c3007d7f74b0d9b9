import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import type { RegisterFailure } from '../../../../adapters/port.js';
import { createSqlReader, type SqlReader } from '../../../../adapters/sql/reader/sql-reader.js';
import { runningClock } from '../../../doubles.js';
import { rejection } from '../../../rejection.js';
import { openTestDatabase, type TestDatabase } from '../../../gateway/state/test-database.js';

describe('the SQL reader', function () {
  this.timeout(30_000);
  const clock = runningClock();
  let database: TestDatabase;
  let reader: SqlReader;

  before(async () => {
    database = await openTestDatabase();
    await database.ownerSql.query(
      'create table plots (owner char(12), area numeric, since date, seen timestamptz, number int8)',
    );
    await database.ownerSql.query(
      "insert into plots values ('880514391012', 12345678901234567890.10, '2020-01-31', '2020-01-31T20:00:00Z', 9007199254740993)",
    );
    await database.ownerSql.query('grant select, insert on plots to tereze_runtime');
  });
  beforeEach(() => {
    reader = readerOf();
  });
  afterEach(() => reader.close());
  after(() => database.close());

  const readerOf = ({ maxConnections = 2, timeoutMs = 3_600_000 } = {}): SqlReader =>
    createSqlReader({
      register: 'property',
      ...database.settings.runtime,
      maxConnections,
      maxResponseBytes: 100_000,
      timeoutMs,
      clock,
    });
  const query = (text: string, values: readonly unknown[] = [], milliseconds = 60_000) =>
    reader.query(text, values, { deadline: clock.monotonic() + milliseconds, onSend: () => undefined });
  const kindOf = async (asked: Promise<unknown>): Promise<unknown> =>
    ((await rejection(asked)) as RegisterFailure).kind;

  it('gives every value as text, as the database has it', async () => {
    expect(await query('select area, since, seen, number from plots')).to.deep.equal([
      {
        area: '12345678901234567890.10',
        since: '2020-01-31',
        seen: '2020-01-31 20:00:00+00',
        number: '9007199254740993',
      },
    ]);
  });

  it('gives numbers of every type by their digits, and json as it was written', async () => {
    expect(
      await query(
        `select '19.10'::numeric as price, '-0.00'::numeric as nothing, 'NaN'::numeric as none, '9223372036854775807'::int8 as most,
          '0.1'::float8 as double, '{"a": 9007199254740993, "a": 19.10}'::json as twice`,
      ),
    ).to.deep.equal([
      {
        ...{ price: '19.10', nothing: '0.00', none: 'NaN', most: '9223372036854775807', double: '0.1' },
        twice: '{"a": 9007199254740993, "a": 19.10}',
      },
    ]);
  });

  it('can only read, although the role might write', async () => {
    const error = await rejection(query("insert into plots (owner) values ('1')"));
    expect(error).to.include({ kind: 'failed', cause: '25006' });
  });

  it('fixes what a session may change: limits, schema, zone', async () => {
    const [settings] = await query(
      "select current_setting('statement_timeout') as limit, current_setting('search_path') as path, current_setting('TimeZone') as zone",
    );
    expect(settings).to.deep.equal({ limit: '1h', path: 'public', zone: 'UTC' });
  });

  it('keeps what the server says about values to itself', async () => {
    const error = (await rejection(query('select $1::int', ['880514391012']))) as RegisterFailure;
    expect(error).to.include({ kind: 'failed', message: 'register property: failed', cause: '22003' });
  });

  it('tells a server that makes no connection in time from one that gives no answer', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const elsewhere = createSqlReader({
      register: 'property',
      ...database.settings.runtime,
      host: '127.0.0.1',
      port,
      maxConnections: 1,
      maxResponseBytes: 1_000,
      timeoutMs: 5_000,
      clock,
    });
    const asked = elsewhere.query('select 1', [], { deadline: clock.monotonic() + 200, onSend: () => undefined });
    expect(await rejection(asked)).to.include({ reason: 'connect_timeout', kind: 'timeout' });
    for (const socket of sockets) socket.destroy();
    await Promise.all([elsewhere.close(), new Promise((resolve) => silent.close(resolve))]);
    expect(await rejection(query('select pg_sleep(3)', [], 100))).to.include({ reason: 'deadline' });
  });

  it('ends at the deadline, and goes on with another connection', async () => {
    // The statement itself takes longer than this test may.
    expect(await kindOf(query('select pg_sleep(600)', [], 100))).to.equal('timeout');
    expect(await query('select 1 as one')).to.deep.equal([{ one: '1' }]);
  });

  it('takes no more than an answer may be, ends the statement, and goes on with another connection', async () => {
    expect(await kindOf(query("select repeat('x', 1000) as much from generate_series(1, 1000000)"))).to.equal(
      'malformed',
    );
    expect(await query('select 1 as one')).to.deep.equal([{ one: '1' }]);
    const running = (): Promise<readonly unknown[]> =>
      query(
        "select pid from pg_stat_activity where query like '%generate_series%' and pid <> pg_backend_pid() and state = 'active'",
      );
    // The server notices at its next write that no one reads any more.
    while ((await running()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('leaves no statement running for which no one waits any more', async () => {
    expect(await kindOf(query('select pg_sleep(700)', [], 100))).to.equal('timeout');
    const running = async (): Promise<number> =>
      (
        await database.ownerSql.query(
          "select 1 from pg_stat_activity where query like '%pg_sleep(700)%' and state = 'active' and pid <> pg_backend_pid()",
        )
      ).count;
    while ((await running()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('has the server end the statement of a caller who is gone, however early', async () => {
    for (const turns of [0, 0, 0, 1, 2, 5, 10]) {
      await query('select 1');
      const gone = new AbortController();
      const asked = kindOf(
        reader.query('select pg_sleep(800)', [], {
          deadline: clock.monotonic() + 3_600_000,
          signal: gone.signal,
          onSend: () => undefined,
        }),
      );
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      gone.abort();
      expect(await asked).to.equal('cancelled');
    }
    const running = async (): Promise<number> =>
      (
        await database.ownerSql.query(
          "select 1 from pg_stat_activity where query like '%pg_sleep(800)%' and state = 'active' and pid <> pg_backend_pid()",
        )
      ).count;
    while ((await running()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('has the server end a statement that takes longer than any may', async () => {
    await reader.close();
    reader = readerOf({ timeoutMs: 300 });
    expect(await kindOf(query('select pg_sleep(900)', [], 3_600_000))).to.equal('timeout');
  });

  it('sends no query if the deadline passed while waiting for a connection', async () => {
    await reader.close();
    reader = readerOf({ maxConnections: 1 });
    const [slow, late] = [
      query('select pg_sleep(0.4)'),
      query("select set_config('application_name', 'late', false)", [], 50),
    ];
    expect(await kindOf(late)).to.equal('timeout');
    await slow;
    expect(await query("select current_setting('application_name') as name")).to.deep.equal([{ name: 'tereze' }]);
  });

  it('says nothing to a server without TLS when it was told an authority', async () => {
    const heard: Buffer[] = [];
    const plain = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        heard.push(chunk);
        socket.write('N');
      });
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    const careful = createSqlReader({
      register: 'property',
      host: '127.0.0.1',
      port,
      database: 'd',
      user: 'reader',
      password: 'hush',
      tls: { tlsCa: 'authority' },
      maxConnections: 1,
      maxResponseBytes: 1_000,
      timeoutMs: 60_000,
      clock,
    });
    expect(
      await kindOf(careful.query('select 1', [], { deadline: clock.monotonic() + 60_000, onSend: () => undefined })),
    ).to.equal('transport');
    expect(Buffer.concat(heard).toString('latin1')).to.have.length(8).and.not.include('reader');
    await careful.close();
    await new Promise((resolve) => plain.close(resolve));
  });

  it('tells of a connection that the server cut', async () => {
    reader = readerOf();
    const caught = kindOf(query('select pg_sleep(1000)', [], 3_600_000));
    const cutIt =
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tereze' and query like '%pg_sleep(1000)%' and pid <> pg_backend_pid()";
    while ((await database.ownerSql.query(cutIt)).rows.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await caught).to.equal('transport');
    expect(await query('select 1 as one')).to.deep.equal([{ one: '1' }]);
  });
});
