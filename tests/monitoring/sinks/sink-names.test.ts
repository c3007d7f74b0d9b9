import { expect } from 'chai';
import type { EntryBody } from '../../../monitoring/audit/entries.js';
import { AuditUnavailable } from '../../../monitoring/audit/port.js';
import { sinksConfig, type SinkConfig } from '../../../monitoring/sink-config.js';
import { recordSinks } from '../../../monitoring/sinks/sink-names.js';
import { seededRandom, standingClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { emptyLog, openDatabase, openLog, storedRows } from '../audit/harness.js';

const SECRET = 'services-T00-B00-XXXX';
const SIEM = { kind: 'https', url: `https://siem.example.kz:8443/${SECRET}` };
const sinksOf = (sinks: object): Readonly<Record<string, SinkConfig>> => sinksConfig.parse(sinks);

describe('recordSinks', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.ownerSql.query('TRUNCATE audit_sink, audit_sink_cursor');
    await emptyLog(database);
  });

  const recording = async (sinks: object): Promise<readonly EntryBody[]> => {
    const before = (await storedRows(database.sql)).length;
    const log = await openLog(database.sql);
    const ports = { sql: database.sql, clock: standingClock(), random: seededRandom(String(before)) };
    await recordSinks({ sinks: sinksOf(sinks), log, ...ports });
    await log.close();
    return (await storedRows(database.sql)).slice(before).map(({ entry }) => JSON.parse(String(entry)) as EntryBody);
  };

  it('makes an entry of a sink that is new, and none of one that is known', async () => {
    const [added, ...others] = await recording({ siem: SIEM });
    expect(others).to.deep.equal([]);
    expect(added).to.deep.include({
      kind: 'sink',
      act: 'sink_added',
      sink: 'siem',
      target: 'https siem.example.kz:8443',
      cases: false,
    });
    expect(JSON.stringify(added)).not.to.include(SECRET);
    expect(await recording({ siem: SIEM })).to.deep.equal([]);
  });

  for (const [what, changed] of [
    ['another path', { ...SIEM, url: 'https://siem.example.kz:8443/other' }],
    ['another kind', { kind: 'syslog', host: 'siem.example.kz' }],
    ['case numbers', { ...SIEM, cases: true }],
    ['another authority', { ...SIEM, tls: { ca_file: 'ca.pem' } }],
  ] as const)
    it(`makes an entry of a sink that gets ${what}`, async () => {
      await recording({ siem: SIEM });
      expect((await recording({ siem: changed })).map((body) => 'act' in body && body.act)).to.deep.equal([
        'sink_changed',
      ]);
      expect(await recording({ siem: changed })).to.deep.equal([]);
    });

  it('makes no entry of another size of batches', async () => {
    await recording({ siem: SIEM });
    expect(await recording({ siem: { ...SIEM, batch: 7, timeout_ms: 200 } })).to.deep.equal([]);
  });

  it('makes an entry of a sink that is not named any more, and of one that comes back', async () => {
    await recording({ siem: SIEM });
    expect((await recording({})).map((body) => 'act' in body && body.act)).to.deep.equal(['sink_removed']);
    expect(await recording({})).to.deep.equal([]);
    expect((await recording({ siem: SIEM })).map((body) => 'act' in body && body.act)).to.deep.equal(['sink_added']);
  });

  it('makes one entry where two replicas start at once', async () => {
    const [one, other] = await Promise.all([
      openLog(database.sql, 'replica-1', { poolSize: 2 }),
      openLog(database.sql, 'replica-2', { poolSize: 2 }),
    ]);
    const ports = { sql: database.sql, clock: standingClock(), random: seededRandom(), sinks: sinksOf({ siem: SIEM }) };
    await Promise.all([one, other].map((log) => recordSinks({ ...ports, log })));
    await Promise.all([one.close(), other.close()]);
    expect(await storedRows(database.sql)).to.have.length(1);
  });

  it('knows no sink of which no entry could be written', async () => {
    const log = { appendChange: async () => Promise.reject(new AuditUnavailable()) };
    const ports = { sql: database.sql, clock: standingClock(), random: seededRandom() };
    const failing = recordSinks({ sinks: sinksOf({ siem: SIEM }), log, ...ports });
    expect(await rejection(failing)).to.be.instanceOf(AuditUnavailable);
    expect((await database.sql.query('SELECT FROM audit_sink')).rows).to.have.length(0);
  });
});
