import { expect } from 'chai';
import type { EntryLogReader } from '../../../../monitoring/audit/entries.js';
import { Holds, type HoldFault, type HoldRefused } from '../../../../monitoring/audit/retention/holds.js';
import type { PostgresLog } from '../../../../monitoring/audit/append/postgres-log.js';
import { createAuditReader } from '../../../../monitoring/audit/reader.js';
import { seededRandom, standingClock } from '../../../doubles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { tokenOf } from '../drafts.js';
import { FaultySql } from '../append/faulty-sql.js';
import { emptyLog, openDatabase, openLog } from '../harness.js';

const named = (officer: string | null): EntryLogReader => ({
  agency: null,
  system: 'tereze',
  kind: 'operator',
  officer,
});
const by = (officer: string | null) => ({ by: named(officer), reason: 'proceedings of the court' });

describe('Holds', () => {
  let database: TestDatabase;
  let log: PostgresLog;
  let holds: Holds;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    await emptyLog(database);
    await database.ownerSql.query('TRUNCATE audit_hold');
    log = await openLog(database.sql);
    holds = new Holds({ sql: database.sql, log, clock: standingClock(), random: seededRandom() });
  });
  afterEach(() => log.close());

  const faultOf = (attempt: Promise<unknown>): Promise<HoldFault | undefined> =>
    attempt.then(
      () => undefined,
      (error: unknown) => (error as HoldRefused).fault,
    );
  const acts = async (): Promise<readonly string[]> =>
    (await database.sql.query<{ outcome: string }>(`SELECT outcome FROM audit_entry ORDER BY index`)).rows.map(
      ({ outcome }) => outcome,
    );

  it('are asked for, set, and lifted by two people each, and every step is an entry', async () => {
    const id = await holds.ask({ agency: 'housing' }, by('one'));
    expect(await holds.agree(id, by('two'))).to.equal('set');
    await holds.askToLift(id, by('one'));
    expect(await holds.agree(id, by('three'))).to.equal('lifted');
    expect(await acts()).to.deep.equal(['hold_asked', 'hold_set', 'hold_lift_asked', 'hold_lifted']);
    expect(await holds.list()).to.deep.equal([
      {
        ...{ id, state: 'lifted', since: null, before: null, caseNumber: null, agency: 'housing', isOfPerson: false },
        ...{ askedBy: 'tereze one', setBy: 'tereze two', liftAskedBy: 'tereze one', liftedBy: 'tereze three' },
      },
    ]);
  });

  for (const [asker, same] of [
    ['aru', 'Aru'],
    ['Ару', 'АРУ'],
    ['aru\u0308', 'ar\u00fc'],
    ['straße', 'STRASSE'],
    ['aru', '\uff41ru'],
  ] as const)
    it(`take ${asker} and ${same} for one account`, async () => {
      const id = await holds.ask({ agency: 'a' }, by(asker));
      expect(await faultOf(holds.agree(id, by(same)))).to.equal('same_person');
      await holds.agree(id, by('two'));
      await holds.askToLift(id, by(asker));
      expect(await faultOf(holds.agree(id, by(same)))).to.equal('same_person');
    });

  it('are found by the person that they are about, and state no number', async () => {
    const person = { identifier: '990101300017', tokens: [tokenOf('a'), tokenOf('b')] };
    const id = await holds.ask({ person }, by('one'));
    const [entry] = await createAuditReader(database.sql).list({ subjectTokens: [tokenOf('a')], limit: 5 });
    expect(entry?.body).to.deep.include({ kind: 'retention', hold: id });
    expect(entry?.differences).to.deep.equal([]);
    expect(entry?.bytes.toString()).to.not.include(person.identifier);
  });

  it('take no step out of order, alone or by someone unknown, and record nothing of it', async () => {
    expect(await faultOf(holds.ask({}, by('one')))).to.equal('everything');
    expect(await faultOf(holds.ask({ agency: 'a' }, by(null)))).to.equal('no_name');
    expect(await faultOf(holds.agree('none', by('one')))).to.equal('unknown');
    expect(await acts()).to.deep.equal([]);
    const id = await holds.ask({ agency: 'a' }, by('one'));
    expect(await faultOf(holds.agree(id, by('one')))).to.equal('same_person');
    expect(await faultOf(holds.agree(id, by(null)))).to.equal('no_name');
    expect(await faultOf(holds.askToLift(id, by('one')))).to.equal('wrong_state');
    await holds.agree(id, by('two'));
    expect(await faultOf(holds.agree(id, by('three')))).to.equal('wrong_state');
    await holds.askToLift(id, by('two'));
    expect(await faultOf(holds.agree(id, by('two')))).to.equal('same_person');
    expect(await faultOf(holds.askToLift(id, by('one')))).to.equal('wrong_state');
    await holds.agree(id, by('one'));
    expect(await faultOf(holds.agree(id, by('three')))).to.equal('wrong_state');
    expect(await acts()).to.have.length(4);
  });

  it('agreed to by two at once are agreed to once', async () => {
    const id = await holds.ask({ agency: 'a' }, by('one'));
    const ended = await Promise.all(['two', 'three'].map((name) => faultOf(holds.agree(id, by(name)))));
    expect(ended.sort()).to.deep.equal(['wrong_state', undefined]);
    expect(await acts()).to.have.length(2);
  });

  it('stay as decided, for the runtime role too', async () => {
    const id = await holds.ask({ agency: 'a' }, by('one'));
    await holds.agree(id, by('two'));
    for (const change of ['set_by = NULL, set_at = NULL', `set_by = 'other'`, `lifted_by = 'x', lifted_at = now()`])
      expect(
        await database.sql.query(`UPDATE audit_hold SET ${change}`).catch((error: unknown) => error),
        change,
      ).to.include({ code: '23514' });
    for (const statement of ['DELETE FROM audit_hold', `UPDATE audit_hold SET agency = 'b'`])
      expect(await database.sql.query(statement).catch((error: unknown) => error), statement).to.include({
        code: '42501',
      });
  });

  for (const fault of ['not_written', 'reply_lost'] as const)
    it(`and their entries are there together or not at all: ${fault}`, async () => {
      await log.close();
      const faulty = new FaultySql(database.sql);
      log = await openLog(faulty);
      holds = new Holds({ sql: database.sql, log, clock: standingClock(), random: seededRandom() });
      faulty.failNext(fault);
      const error = await holds.ask({ agency: 'a' }, by('one')).catch((one: unknown) => one);
      expect((error as Error).name).to.equal('AuditUnavailable');
      const expected = fault === 'not_written' ? 0 : 1;
      expect([(await holds.list()).length, (await acts()).length]).to.deep.equal([expected, expected]);
    });
});
