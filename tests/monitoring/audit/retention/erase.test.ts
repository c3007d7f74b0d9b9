import { expect } from 'chai';
import { retentionEntry } from '../../../../monitoring/audit/entries.js';
import { erasePeople, type Erasing, type ErasureRequest } from '../../../../monitoring/audit/retention/erase.js';
import { Rederivation } from '../../../../monitoring/audit/rederive/rederivation.js';
import { createAuditReader } from '../../../../monitoring/audit/reader.js';
import type { PostgresLog } from '../../../../monitoring/audit/append/postgres-log.js';
import { verifyLogs, type VerifiedLog } from '../../../../monitoring/audit/verify/verify-logs.js';
import { listeningObserver, seededRandom, standingClock } from '../../../doubles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { completionDraft, committed, besideOf, intentDraft, tokenOf } from '../drafts.js';
import { FaultySql, type Fault } from '../append/faulty-sql.js';
import { emptyLog, openDatabase, openLog, storedTale } from '../harness.js';

const NOW = '2026-11-30T10:00:00.000Z';
const AUDITOR = { agency: null, system: 'tereze', kind: 'operator', officer: 'auditor' } as const;

describe('erasePeople', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let log: PostgresLog;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    await emptyLog(database);
    await database.ownerSql.query('TRUNCATE audit_hold, audit_rederivation, audit_finding');
    log = await openLog(database.sql);
    await log.append(entry('old', { at: '2026-09-01T10:00:00.000Z' }));
    await log.append(entry('other', { at: '2026-09-02T10:00:00.000Z', purpose: 'appeal_review' }));
    await log.append(entry('new', { at: '2026-11-20T10:00:00.000Z' }));
    await log.close();
    log = await openLog(database.ownerSql, 'owner', { poolSize: 2 });
  });
  afterEach(() => log.close());

  const entry = (requestId: string, changes: Parameters<typeof completionDraft>[1]) => ({
    ...completionDraft(requestId, { ...changes, subjects: committed(['a', 'b']) }),
    beside: besideOf(['a', 'b']),
  });
  const erase = (changes: Partial<ErasureRequest> = {}, erasing: Partial<Erasing> = {}) =>
    erasePeople(
      { owner: database.ownerSql, log, clock: standingClock(NOW), random: seededRandom(), ...erasing },
      {
        caller: AUDITOR,
        law: 'Law, article 12',
        reason: 'the term is over',
        purpose: undefined,
        before: new Date(NOW),
        ...changes,
      },
    );
  const verified = async (): Promise<VerifiedLog | undefined> =>
    (
      await verifyLogs(database.sql, {
        log: 'tereze/0',
        verifiedBefore: async () => undefined,
        knownRoots: async () => [],
        onVerified: async () => undefined,
      })
    )[0];
  const people = async (): Promise<readonly string[]> =>
    (
      await database.sql.query<{ request_id: string }>(
        `SELECT DISTINCT request_id FROM audit_subject JOIN audit_entry USING (log_id, index, at) ORDER BY request_id`,
      )
    ).rows.map(({ request_id: id }) => id);

  it('removes rows of people before a time, and the log explains it', async () => {
    expect(await erase({ before: new Date('2026-10-01T00:00:00.000Z') })).to.deep.equal({
      logs: [{ log: 'tereze/0', below: 2, count: 4 }],
      held: 0,
    });
    expect(await people()).to.deep.equal(['new']);
    expect(await storedTale(database.sql)).to.include.members(['retention ' + (await actId()) + ' erasure_asked']);
    expect(await verified()).to.deep.include({ size: 5, erased: 4 });
    expect((await verified())?.fault).to.equal(undefined);
    const { body } = (await createAuditReader(database.sql).list({ kind: 'retention', limit: 1 }))[0] ?? {};
    expect(body).to.deep.include({
      act: 'erased',
      law: 'Law, article 12',
      before: '2026-10-01T00:00:00.000Z',
      logs: [{ log: 'tereze/0', below: 2, count: 4 }],
    });
  });

  const actId = async (): Promise<string> =>
    (
      await database.sql.query<{ id: string }>(
        `SELECT request_id AS id FROM audit_entry WHERE kind = 'retention' LIMIT 1`,
      )
    ).rows[0]?.id ?? '';

  it('removes them by purpose, and marks no entry as changed', async () => {
    await erase({ purpose: 'appeal_review' });
    expect(await people()).to.deep.equal(['new', 'old']);
    const [shown] = await createAuditReader(database.sql).request('other');
    expect(shown?.differences).to.deep.equal([]);
    const observer = listeningObserver();
    const rederivation = new Rederivation({
      sql: database.sql,
      clock: standingClock(NOW),
      observer,
      holder: 'one',
      everyMs: 3_600_000,
    });
    while ((await rederivation.step()).state === 'compared');
    await rederivation.close();
    expect(observer.lines).to.deep.equal([]);
  });

  for (const [what, remove, fault] of [
    ['for another purpose', `request_id = 'old'`, 'subject_missing at 0'],
    ['after the time of the act', `request_id = 'new'`, 'subject_missing at 2'],
  ] as const)
    it(`explains no row that is missing ${what}`, async () => {
      await erase({ purpose: 'appeal_review', before: new Date('2026-10-01T00:00:00.000Z') });
      await database.ownerSql.query(
        `DELETE FROM audit_subject WHERE index = (SELECT index FROM audit_entry WHERE ${remove})`,
      );
      const found = (await verified())?.fault;
      expect(`${found?.kind} at ${found?.index}`).to.equal(fault);
    });

  it('explains no row of an entry of which others are left', async () => {
    await hold(`case_number = NULL, agency = 'housing'`);
    expect(await erase()).to.deep.equal({ logs: [], held: 3 });
    await database.ownerSql.query('TRUNCATE audit_hold');
    await database.ownerSql.query(
      'CREATE TABLE one_row AS SELECT * FROM audit_subject WHERE index = 0 AND position = 0',
    );
    await erase({ before: new Date('2026-10-01T00:00:00.000Z') });
    // One of the two people of an entry that the act covers comes back.
    await database.ownerSql.query('INSERT INTO audit_subject SELECT * FROM one_row');
    await database.ownerSql.query('DROP TABLE one_row');
    expect((await verified())?.fault).to.include({ kind: 'subject_missing', index: 0 });
  });

  it('explains no more rows than the acts removed', async () => {
    await erase({ purpose: 'appeal_review' });
    // An act that states fewer rows than are missing.
    await log.append({
      body: retentionEntry({
        ...{ requestId: 'x', at: new Date(NOW), act: 'erased', caller: AUDITOR, reason: 'r', law: 'l' },
        logs: [{ log: 'tereze/0', below: 3, count: 1 }],
      }),
      beside: {},
    });
    await database.ownerSql.query(`DELETE FROM audit_subject WHERE index = 0`);
    expect((await verified())?.fault).to.deep.equal({
      kind: 'subject_missing',
      index: 6,
      text: 'more rows of people are missing than acts of erasure removed',
    });
  });

  const hold = (change: string): Promise<unknown> =>
    database.ownerSql
      .query(
        `INSERT INTO audit_hold (hold_id, agency, case_number, asked_by, asked_at) VALUES ('h', 'x', 'y', 'someone', now())`,
      )
      .then(() => database.ownerSql.query(`UPDATE audit_hold SET ${change} WHERE hold_id = 'h'`));

  for (const [what, change, left] of [
    ['a case', `agency = NULL, case_number = 'HQ-2026-000101'`, ['new', 'old', 'other']],
    ['another case', `agency = NULL, case_number = 'HQ-2'`, []],
    ['an agency', `agency = 'housing', case_number = NULL`, ['new', 'old', 'other']],
    ['a time', `agency = NULL, case_number = NULL, since = '2026-09-02', before = '2026-09-03'`, ['other']],
    [
      'a person',
      `agency = NULL, case_number = NULL, tokens = ARRAY[decode('${tokenOf('b')}', 'hex')]`,
      ['new', 'old', 'other'],
    ],
    ['another person', `agency = NULL, case_number = NULL, tokens = ARRAY[decode('${tokenOf('z')}', 'hex')]`, []],
  ] as const)
    it(`leaves what a hold on ${what} keeps`, async () => {
      await hold(change);
      expect((await erase()).held).to.equal(left.length);
      expect(await people()).to.deep.equal(left);
      expect((await verified())?.fault).to.equal(undefined);
    });

  it('removes what a hold that was lifted kept', async () => {
    await hold(`set_by = 'a', set_at = now(), lift_asked_by = 'a', lift_asked_at = now()`);
    await hold(`agency = 'housing', case_number = NULL`).catch(() => undefined);
    await database.ownerSql.query(`UPDATE audit_hold SET agency = 'housing', case_number = NULL`);
    expect((await erase()).held).to.equal(3);
    await database.ownerSql.query(`UPDATE audit_hold SET lifted_by = 'b', lifted_at = now()`);
    expect((await erase()).held).to.equal(0);
    expect(await people()).to.deep.equal([]);
  });

  for (const fault of ['not_written', 'reply_lost'] as const satisfies readonly Fault[])
    it(`removes nothing that the log does not state, if its commit is ${fault}`, async () => {
      await log.close();
      const faulty = new FaultySql(database.ownerSql);
      log = await openLog(faulty, 'owner', { poolSize: 2 });
      // The first write of the log states what is asked for.
      let asked = false;
      const failing = {
        append: async (...given: Parameters<PostgresLog['append']>) => {
          const appended = await log.append(...given);
          asked = true;
          faulty.failNext(fault);
          return appended;
        },
        appendChange: (change: never) => log.appendChange(change),
      } as unknown as PostgresLog;
      const error = await erase({}, { log: failing }).catch((one: unknown) => one);
      expect([asked, (error as Error).name]).to.deep.equal([true, 'AuditUnavailable']);
      expect(await people()).to.deep.equal(fault === 'not_written' ? ['new', 'old', 'other'] : []);
      expect((await verified())?.fault).to.equal(undefined);
      // Done again, it completes.
      await erase();
      expect(await people()).to.deep.equal([]);
      expect((await verified())?.fault).to.equal(undefined);
    });

  it('removes nothing if it cannot be recorded before', async () => {
    await log.close();
    expect(
      await erase().then(
        () => undefined,
        (error: Error) => error.name,
      ),
    ).to.equal('AuditUnavailable');
    expect(await people()).to.deep.equal(['new', 'old', 'other']);
    log = await openLog(database.ownerSql, 'owner', { poolSize: 2 });
    await log.append(intentDraft('again'));
  });
});
