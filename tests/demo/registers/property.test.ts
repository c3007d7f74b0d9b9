import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY } from '../../../demo/country/people.js';
import { Fault, SLOW_MS } from '../../../demo/registers/fault.js';
import type { Listener } from '../../../demo/registers/listener.js';
import { Meter } from '../../../demo/registers/meter.js';
import { startPropertyDatabase, type PropertyDatabase } from '../../../demo/registers/property/database.js';
import { READER } from '../../../demo/registers/property/load.js';
import { servePropertyProxy } from '../../../demo/registers/property/proxy.js';

const LANDS = 'select kad_no, pl, kat, dolya, dt_reg from obj_zu where vl_iin = any($1::bpchar[])';

describe('the property register', function () {
  this.timeout(30_000);
  const { property } = generateCountry();
  const { husband, wife } = HOUSING_FAMILY;
  const meter = new Meter();
  const fault = new Fault();
  let directory: string;
  let database: PropertyDatabase;
  let proxy: Listener;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-property-'));
    database = await startPropertyDatabase(directory, property, 'reader-password');
    proxy = await servePropertyProxy(database.socketPath, meter, fault, '127.0.0.1', 0);
  });
  beforeEach(() => {
    fault.mode = 'off';
    meter.reset();
  });
  after(async () => {
    await proxy.close();
    await database.stop();
    await rm(directory, { recursive: true });
  });

  async function connected(options: pg.ClientConfig = {}): Promise<pg.Client> {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: proxy.port,
      database: database.database,
      user: READER,
      password: 'reader-password',
      ...options,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async function using<T>(work: (client: pg.Client) => Promise<T>, options?: pg.ClientConfig): Promise<T> {
    const client = await connected(options);
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  const failure = (answer: Promise<unknown>): Promise<unknown> =>
    answer.then(
      () => undefined,
      (error: unknown) => error,
    );
  const codeOf = async (answer: Promise<unknown>): Promise<unknown> =>
    ((await failure(answer)) as { code?: unknown } | undefined)?.code;

  it('keeps what the country’s people own in its legacy tables', async () => {
    const counts = await using((client) =>
      client.query(
        'select (select count(*)::int from obj_zu) as lands, (select count(*)::int from obj_ok) as buildings, (select count(*)::int from avto) as vehicles',
      ),
    );
    expect(counts.rows[0]).to.deep.equal({
      lands: property.lands.length,
      buildings: property.buildings.length,
      vehicles: property.vehicles.length,
    });
    const { rows } = await using((client) => client.query(LANDS, [[wife.iin]]));
    expect(rows).to.have.length(1);
    expect(rows[0]).to.include({ dolya: '1/1', dt_reg: '20180615' });
    expect((rows[0] as { kad_no: string }).kad_no).to.match(/^\d{12}$/);
  });

  it('counts statements and the persons in their parameters', async () => {
    await using(async (client) => {
      await client.query(LANDS, [[wife.iin, husband.iin]]);
      await client.query(LANDS, [[wife.iin]]);
      await client.query('select 1');
    });
    expect(meter.stats()).to.deep.equal({ calls: 3, subjects: 2, byOperation: { execute: 2, query: 1 } });
  });

  it('counts nothing for a connection that asks nothing', async () => {
    await using(() => Promise.resolve());
    expect(meter.stats().calls).to.equal(0);
  });

  it('lets the reader read, and nothing else', async () => {
    await using(async (client) => {
      expect(await codeOf(client.query('insert into avto (avto_id) values (0)'))).to.equal('25006');
      await client.query('set default_transaction_read_only = off');
      expect(await codeOf(client.query('insert into avto (avto_id) values (0)'))).to.equal('42501');
      expect(await codeOf(client.query('create table mine (a int)'))).to.equal('42501');
      expect(await codeOf(client.query('select * from country_marker'))).to.equal('42501');
    });
    expect(await codeOf(using(() => Promise.resolve(), { password: 'wrong' }))).to.equal('28P01');
  });

  it('slow: answers, two seconds late', async () => {
    const begun = performance.now();
    const { rows } = await using((client) => {
      fault.mode = 'slow';
      return client.query(LANDS, [[wife.iin]]);
    });
    expect(rows).to.have.length(1);
    expect(performance.now() - begun).to.be.at.least(SLOW_MS - 20);
  });

  it('500: fails with a text that must not reach a caller, and the connection stands', async () => {
    await using(async (client) => {
      fault.mode = '500';
      expect(await codeOf(client.query(LANDS, [[wife.iin]]))).to.equal('XX000');
      expect(await codeOf(client.query('select 1'))).to.equal('XX000');
      fault.mode = 'off';
      expect((await client.query(LANDS, [[wife.iin]])).rows).to.have.length(1);
    });
    expect(meter.stats().calls).to.equal(3);
  });

  it('hang: counts the statement and never answers', async () => {
    const client = await connected();
    fault.mode = 'hang';
    const answer = failure(client.query({ text: LANDS, values: [[wife.iin]], query_timeout: 150 } as pg.QueryConfig));
    expect(await answer).to.have.property('message', 'Query read timeout');
    expect(meter.stats().calls).to.equal(1);
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  });

  for (const mode of ['garbage', 'half', 'refuse'] as const) {
    it(`${mode}: the statement was sent and counted, its answer is lost`, async () => {
      const client = await connected();
      fault.mode = mode;
      expect(await failure(client.query(LANDS, [[wife.iin]]))).to.be.instanceOf(Error);
      expect(meter.stats().calls).to.equal(1);
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    });
  }

  it('refuse: takes no new connection either', async () => {
    fault.mode = 'refuse';
    expect(await failure(connected())).to.be.instanceOf(Error);
  });

  it('closes a connection that does not speak PostgreSQL', async () => {
    const socket = connect(proxy.port, '127.0.0.1');
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(Buffer.from([0, 0, 0, 1, 1, 1, 1, 1]));
    await closed;
    expect(socket.destroyed).to.equal(true);
  });
});
