import { expect } from 'chai';
import { emptyDefault } from '../../../../monitoring/audit/partitions/empty-default.js';
import { keepPartitions } from '../../../../monitoring/audit/partitions/keep-partitions.js';
import { monthAfter, monthOf, startOf } from '../../../../monitoring/audit/partitions/months.js';
import { monthsAhead, readPartitions } from '../../../../monitoring/audit/partitions/stored-partitions.js';
import { PartitionWatch } from '../../../../monitoring/audit/partitions/partition-watch.js';
import { verifyLogs } from '../../../../monitoring/audit/verify/verify-logs.js';
import type { Observer } from '../../../../schemas/ports/observer.js';
import { listeningObserver, standingClock } from '../../../doubles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { intentDraft } from '../drafts.js';
import { openDatabase, openLog } from '../harness.js';
import { CutSql, type Cut } from './cut-sql.js';

/** Where the first partition ends, and so where the months begin for which there is none yet. */
async function firstMissing({ sql }: TestDatabase): Promise<string> {
  const [first] = (await readPartitions(sql)) ?? [];
  return monthOf(new Date(first?.to ?? ''));
}

/** The partition of each entry, by its request. */
async function places({ ownerSql }: TestDatabase, table: 'audit_entry' | 'audit_subject'): Promise<readonly string[]> {
  const { rows } = await ownerSql.query<{ place: string }>(
    `SELECT index || ' ' || tableoid::regclass AS place FROM ${table} ORDER BY index`,
  );
  return rows.map(({ place }) => place);
}

async function append(database: TestDatabase, ats: readonly string[]): Promise<void> {
  const log = await openLog(database.sql);
  for (const [nth, at] of ats.entries()) await log.append(intentDraft(`r${nth}`, { at, subjects: ['a', 'b'] }));
  await log.close();
}

async function faultOf({ sql }: TestDatabase): Promise<unknown> {
  const [result] = await verifyLogs(sql, {
    verifiedBefore: async () => undefined,
    knownRoots: async () => [],
    onVerified: async () => undefined,
  });
  return result?.fault;
}

describe('keepPartitions', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let month: string;
  beforeEach(async () => {
    database = await openDatabase();
    month = await firstMissing(database);
  });
  afterEach(() => database.close());

  const now = (): Date => new Date(startOf(month));
  const ats = (): readonly string[] => [
    '2026-11-23T10:00:00.000Z',
    startOf(month),
    `${month}-15T00:00:00.000Z`,
    startOf(monthAfter(month)),
    startOf(monthAfter(month, 30)),
  ];
  const suffix = (months = 0): string => monthAfter(month, months).replace('-', '_');

  it('makes those of this month and the next 24, once', async () => {
    const made = await keepPartitions(database.ownerSql, now());
    expect(made).to.have.length(25);
    expect([made[0], made.at(-1)]).to.deep.equal([month, monthAfter(month, 24)]);
    expect(await keepPartitions(database.ownerSql, now())).to.deep.equal([]);
    expect(monthsAhead((await readPartitions(database.sql)) ?? [], now())).to.equal(25);
    expect(await keepPartitions(database.ownerSql, new Date(startOf(monthAfter(month))))).to.deep.equal([
      monthAfter(month, 25),
    ]);
  });

  it('puts each entry and the rows beside it into the month of its time, and others into the default one', async () => {
    await keepPartitions(database.ownerSql, now());
    await append(database, ats());
    const expected = [`before`, suffix(), suffix(), suffix(1), 'default'];
    expect(await places(database, 'audit_entry')).to.deep.equal(
      expected.map((one, nth) => `${nth} audit_entry_${one}`),
    );
    expect(await places(database, 'audit_subject')).to.deep.equal(
      expected.flatMap((one, nth) => [`${nth} audit_subject_${one}`, `${nth} audit_subject_${one}`]),
    );
    expect(await faultOf(database)).to.equal(undefined);
  });

  it('refuses a row of a person without its entry in every month', async () => {
    await keepPartitions(database.ownerSql, now());
    const insert = database.sql
      .query(
        `INSERT INTO audit_subject (log_id, index, position, index_token, salt, at) VALUES ('tereze/0', 7, 0, $1, $1, $2)`,
        [Buffer.alloc(16), startOf(month)],
      )
      .catch((error: unknown) => error);
    expect(await insert).to.include({ code: '23503' });
  });

  it('moves what is in the default partition into its month, and leaves the rest', async () => {
    await append(database, ats());
    const made = await keepPartitions(database.ownerSql, now());
    expect(made).to.have.length(25);
    const expected = [`before`, suffix(), suffix(), suffix(1), 'default'];
    expect(await places(database, 'audit_entry')).to.deep.equal(
      expected.map((one, nth) => `${nth} audit_entry_${one}`),
    );
    expect(await places(database, 'audit_subject')).to.have.length(10);
    expect(await faultOf(database)).to.equal(undefined);
  });

  it('loses no entry that is appended while the default partition is emptied', async () => {
    await append(database, ats());
    const log = await openLog(database.sql);
    let isOver = false;
    const keeping = keepPartitions(database.ownerSql, now()).finally(() => (isOver = true));
    let appended = 0;
    for (; !isOver; appended += 1)
      await log.append(intentDraft(`m${appended}`, { at: `${month}-20T00:00:00.000Z`, subjects: ['c'] }));
    await keeping;
    await log.close();
    expect(appended).to.be.greaterThan(0);
    const { rows } = await database.sql.query(`SELECT FROM audit_entry WHERE request_id LIKE 'm%' AND kind = 'intent'`);
    expect(rows).to.have.length(appended);
    expect((await places(database, 'audit_entry')).filter((place) => place.endsWith('default'))).to.have.length(1);
    expect(await faultOf(database)).to.equal(undefined);
  });

  for (const when of ['before', 'after'] as const)
    it(`may end ${when} any of its statements: the next run completes it`, async () => {
      await append(database, ats());
      for (let at = 1; ; at += 3) {
        const cut: Cut = { at, when };
        const owner = new CutSql(database.ownerSql, cut);
        const ended = await emptyDefault(owner, [month, monthAfter(month)]).then(
          () => false,
          () => true,
        );
        // However far it came, entries can be appended and read.
        await append(database, [`${month}-21T00:00:00.000Z`]);
        expect(await faultOf(database), `cut ${when} ${at}`).to.equal(undefined);
        if (!ended) break;
      }
      expect(monthsAhead((await readPartitions(database.sql)) ?? [], now())).to.equal(2);
      expect((await places(database, 'audit_entry')).filter((place) => place.endsWith('default'))).to.have.length(1);
    });

  it('does nothing in a database whose log has no partitions', async () => {
    await database.ownerSql.query('ALTER TABLE audit_entry RENAME TO other');
    expect(await keepPartitions(database.ownerSql, now())).to.deep.equal([]);
  });

  it('is warned for below three months', async () => {
    const gauges: number[] = [];
    const observer = listeningObserver();
    const watch = (months: number): Promise<void> =>
      new PartitionWatch({
        sql: database.sql,
        clock: standingClock(startOf(monthAfter(month, months))),
        observer: { ...observer, gauge: (_, value) => gauges.push(value) } as Observer,
      }).look();
    await watch(-3);
    await watch(-2);
    await keepPartitions(database.ownerSql, now());
    await watch(22);
    await watch(23);
    expect(gauges).to.deep.equal([3, 2, 3, 2]);
    expect(observer.lines).to.deep.equal([
      { level: 'warn', event: 'audit_partitions_few', fields: { months: 2 } },
      { level: 'warn', event: 'audit_partitions_few', fields: { months: 2 } },
    ]);
  });
});
