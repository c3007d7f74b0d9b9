import { expect } from 'chai';
import type { AlertBody, EntryBody, EntryDraft } from '../../../monitoring/audit/entries.js';
import { sentenceOf } from '../../../monitoring/audit/catalogue/sentence-of.js';
import { createAuditReader } from '../../../monitoring/audit/reader.js';
import { Detection, type DetectionOptions } from '../../../monitoring/detection/detection.js';
import { readRules } from '../../../monitoring/detection/read-rules.js';
import type { Rule } from '../../../monitoring/detection/rule.js';
import { SqlFailure, type Sql, type SqlExecutor, type SqlResult } from '../../../schemas/ports/sql.js';
import { listeningObserver, seededRandom, standingClock } from '../../doubles.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { rejection } from '../../rejection.js';
import { besideOf, committed, completionDraft, refusalDraft, tokenOf } from '../audit/drafts.js';
import { FaultySql, type Fault } from '../audit/append/faulty-sql.js';
import { emptyLog, openDatabase, openLog, storedTale } from '../audit/harness.js';

const AT = '2026-11-23T10:00:00.000Z';
const later = (seconds: number): string => new Date(Date.parse(AT) + seconds * 1_000).toISOString();

const other = (system: string) => ({
  ...{ agency: system, system, kind: 'system', officer: null, actor: null, model: null },
});

/** A database without the lease: every replica follows. */
class Leaseless implements Sql {
  constructor(readonly inner: Sql) {}
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<SqlResult<Row>> {
    return text.includes('UPDATE audit_detection_lease')
      ? Promise.resolve({ rows: [], count: 1 })
      : this.inner.query<Row>(text, values);
  }
  transaction<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
    return this.inner.transaction(work);
  }
}

/** A database whose first transaction fails, in either form. */
class FaultyOnce implements Sql {
  #fault: Fault | undefined;
  constructor(
    readonly inner: Sql,
    fault: Fault,
  ) {
    this.#fault = fault;
  }
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<SqlResult<Row>> {
    return this.inner.query<Row>(text, values);
  }
  async transaction<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
    const fault = this.#fault;
    this.#fault = undefined;
    const lost = new SqlFailure('the connection was lost', { outcome: 'unknown' });
    const done = await this.inner.transaction(async (tx) => {
      const result = await work(tx);
      if (fault === 'not_written') throw lost;
      return result;
    });
    if (fault === 'reply_lost') throw lost;
    return done;
  }
}

describe('Detection', () => {
  let database: TestDatabase;
  let shipped: readonly Rule[];
  before(async () => {
    database = await openDatabase();
    shipped = await readRules('monitoring/detection');
  });
  after(() => database.close());

  const counted: (readonly [string, unknown])[] = [];
  const gauges: (readonly [string, number])[] = [];
  const observer = {
    ...listeningObserver(),
    count: (name: string, labels: unknown = {}) => void counted.push([name, labels]),
    gauge: (name: string, value: number) => void gauges.push([name, value]),
  };
  const alertsCounted = (): number => counted.filter(([name]) => name === 'tereze_detection_alerts_total').length;

  beforeEach(async () => {
    await emptyLog(database);
    await database.ownerSql.query(
      'TRUNCATE audit_detection, audit_detection_member, audit_detection_group, audit_detection_opening, audit_alert',
    );
    await database.ownerSql.query('UPDATE audit_detection_lease SET holder = NULL, expires_at = NULL');
    counted.length = gauges.length = observer.lines.length = 0;
  });

  const rule = (name: string, changes: Partial<Rule> = {}): Rule => {
    const found = shipped.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no rule ${name}`);
    return { ...found, ...changes };
  };
  const detection = (changes: Partial<DetectionOptions> & { logSql?: Sql } = {}): Detection => {
    const { logSql = database.sql, ...options } = changes;
    return new Detection({
      sql: database.sql,
      openLog: async () => {
        const log = await openLog(logSql, 'detection', { poolSize: 16 });
        return { log, close: () => log.close() };
      },
      clock: standingClock(later(3_600)),
      random: seededRandom('detection'),
      observer,
      holder: 'one',
      rules: [rule('scan', { threshold: 3 })],
      timeZone: 'Asia/Almaty',
      dailyPersons: new Map(),
      ...options,
    });
  };
  const asked = (people: readonly string[], changes: Record<string, unknown> = {}): EntryDraft => ({
    ...completionDraft('r', { ...changes, subjects: committed(people) }),
    beside: besideOf(people),
  });
  const append = async (drafts: readonly EntryDraft[], holder = 'replica-1'): Promise<void> => {
    const log = await openLog(database.sql, holder, { poolSize: 16 });
    for (const draft of drafts) await log.append(draft);
    await log.close();
  };
  const alerts = async (): Promise<readonly AlertBody[]> => {
    const listed = await createAuditReader(database.sql).list({ kind: 'alert', limit: 100 });
    for (const { differences, intact } of listed)
      expect({ differences, intact }).to.deep.equal({ differences: [], intact: true });
    return listed.map(({ body }) => body as EntryBody).filter((body): body is AlertBody => body.kind === 'alert');
  };

  it('writes an alert with group, window and the entry that reached the threshold', async () => {
    await append([asked(['a']), asked(['b', 'a']), asked(['c']), asked(['d'])]);
    expect(await detection().step()).to.deep.equal({ state: 'followed', entries: 4, written: 1 });
    const [alert, ...more] = await alerts();
    expect(more).to.deep.equal([]);
    expect(alert).to.deep.include({
      rule: 'scan',
      ruleHash: rule('scan').hash,
      severity: 'high',
      caller: { agency: 'housing', system: 'housing', officer: null },
      case: null,
      subjects: [],
      since: '2026-11-23T10:00:00.000Z',
      until: '2026-11-23T11:00:00.000Z',
      count: 3,
      threshold: 3,
      entry: { log: 'tereze/0', index: 2 },
    });
    expect(alert && sentenceOf(alert, 'en')).to.equal(
      'Alert scan, severity high. housing/housing asked about 3 people within an hour. The threshold is 3.',
    );
    expect(counted).to.deep.include(['tereze_detection_alerts_total', { rule: 'scan', severity: 'high' }]);
    expect(observer.lines).to.deep.include({
      level: 'warn',
      event: 'detection_alert',
      fields: { rule: 'scan', severity: 'high' },
    });
  });

  it('raises one for a group and window, over pages, restarts and replicas, and one more in the next window', async () => {
    for (let nth = 0; nth < 5; nth += 1) {
      await append([asked([`a${nth}`, `b${nth}`])], `replica-${nth}`);
      const one = detection({ holder: `holder-${nth}` });
      await one.step();
      await one.close();
    }
    expect(await alerts()).to.have.length(1);
    await append([0, 1, 2].map((nth) => asked([`c${nth}`], { at: later(3_600) })));
    await append([0, 1].map((nth) => asked([`d${nth}`], { at: later(3_600), caller: other('tax') })));
    await detection().step();
    expect((await alerts()).map(({ since }) => since)).to.have.members([later(0), later(3_600)]);
    expect(alertsCounted()).to.equal(2);
  });

  it('raises one for a burst over the end of a window, also over a restart', async () => {
    const pages: readonly (readonly [number, readonly string[]])[] = [
      [3_600 - 60, ['a', 'b']],
      [3_600 + 60, ['c', 'd', 'a']],
      [3_600 + 120, ['e', 'f']],
    ];
    const written: number[] = [];
    for (const [seconds, people] of pages) {
      await append(people.map((person) => asked([person], { at: later(seconds) })));
      const one = detection({ holder: `holder-${seconds}` });
      written.push((await one.step()).written);
      await one.close();
    }
    expect(written).to.deep.equal([0, 1, 0]);
    expect((await alerts()).map(({ since, until, count }) => ({ since, until, count }))).to.deep.equal([
      { since: later(1_800), until: later(1_800 + 3_600), count: 3 },
    ]);
  });

  it('counts what two replicas ask for together, in the order of time', async () => {
    await append([asked(['a']), asked(['b'], { at: later(20) })], 'x');
    const held = await openLog(database.sql, 'x', { poolSize: 16 });
    await append([asked(['c'], { at: later(10) })], 'y');
    await held.close();
    await detection().step();
    expect((await alerts())[0]?.entry).to.deep.equal({ log: 'tereze/0', index: 1 });
  });

  it('names the person by the tokens and salts of the entry, where the rule groups by person', async () => {
    const rules = [rule('looked_up_by_many', { threshold: 2 })];
    await append([asked(['q', 'p']), asked(['p'], { caller: other('tax') })]);
    await detection({ rules }).step();
    const [alert] = await alerts();
    expect(alert?.subjects).to.deep.equal(committed(['p']));
    expect(alert?.caller).to.deep.equal({ agency: null, system: null, officer: null });
    const found = await createAuditReader(database.sql).list({
      subjectTokens: [tokenOf('p')],
      limit: 10,
      kind: 'alert',
    });
    expect(found).to.have.length(1);
    expect(alert && sentenceOf(alert, 'en')).to.include('one person within a day: 2');
  });

  it('names no person whose token was erased meanwhile', async () => {
    const rules = [rule('looked_up_by_many', { threshold: 2 })];
    await append([asked(['p']), asked(['p'], { caller: other('tax') })]);
    const down = detection({ rules, openLog: () => Promise.reject(new Error('no log')) });
    await rejection(down.step());
    await database.ownerSql.query('UPDATE audit_subject SET salt = NULL');
    await detection({ rules }).step();
    expect((await alerts()).map(({ subjects }) => subjects)).to.deep.equal([[]]);
  });

  it('follows a refusal and what came after it over a restart, with the case', async () => {
    const rules = [rule('refused_then_rephrased'), rule('refused_then_rephrased_case')];
    const refused = refusalDraft('r', { documentName: 'D', subjects: committed(['p']), code: 'POLICY_DENIED' });
    await append([{ ...refused, beside: besideOf(['p']) }]);
    await detection({ rules }).step();
    expect(await alerts()).to.deep.equal([]);
    await append([asked(['p'], { at: later(60) })]);
    await detection({ rules }).step();
    const found = await alerts();
    expect(found.map((one) => [one.rule, one.case?.number ?? null, one.subjects.length])).to.have.deep.members([
      ['refused_then_rephrased', null, 1],
      ['refused_then_rephrased_case', 'HQ-2026-000101', 0],
    ]);
  });

  it('takes the budget of a system from its registration', async () => {
    const rules = [rule('budget_near')];
    await append(['a', 'b', 'c', 'd'].map((one) => asked([one])));
    await detection({ rules }).step();
    await detection({ rules, dailyPersons: new Map([['tax', 1]]) }).step();
    expect(await alerts()).to.deep.equal([]);
    await append([asked(['e'])]);
    await detection({ rules, dailyPersons: new Map([['housing', 5]]) }).step();
    expect((await alerts())[0]).to.deep.include({ count: 5, threshold: 4, since: '2026-11-22T19:00:00.000Z' });
  });

  it('follows one replica at a time, and another when that is gone', async () => {
    await append([asked(['a', 'b', 'c'])]);
    await database.ownerSql.query(
      `UPDATE audit_detection_lease SET holder = 'x', expires_at = now() + interval '1 hour'`,
    );
    expect((await detection().step()).state).to.equal('elsewhere');
    await database.ownerSql.query(`UPDATE audit_detection_lease SET expires_at = now() - interval '1 second'`);
    expect(await detection().step()).to.deep.equal({ state: 'followed', entries: 1, written: 1 });
  });

  it('of two replicas that follow at once although one lost its lease, counts each entry once', async () => {
    await append(Array.from({ length: 40 }, (_, nth) => asked([`p${nth % 2}`])));
    const free = new Leaseless(database.sql);
    await Promise.all([1, 2, 3].map((nth) => detection({ sql: free, holder: `h${nth}` }).tick()));
    await detection().step();
    expect(await alerts()).to.deep.equal([]);
    await append([asked(['p2'])]);
    await Promise.all([1, 2, 3].map((nth) => detection({ sql: free, holder: `h${nth}` }).tick()));
    await detection().step();
    expect((await alerts()).map(({ count }) => count)).to.deep.equal([3]);
    expect(alertsCounted()).to.equal(1);
  });

  for (const fault of ['not_written', 'reply_lost'] as const)
    it(`follows each entry once and loses no alert: the counts were ${fault}`, async () => {
      await append([asked(['a']), asked(['b'])]);
      const faulty = new FaultyOnce(database.sql, fault);
      expect(await rejection(detection({ sql: faulty }).step())).to.be.instanceOf(Error);
      await detection({ sql: faulty }).step();
      expect(await alerts()).to.deep.equal([]);
      await append([asked(['c'])]);
      await detection({ sql: faulty }).step();
      expect((await alerts()).map(({ count }) => count)).to.deep.equal([3]);
    });

  for (const fault of ['not_written', 'reply_lost'] as const)
    it(`writes one alert and counts it once: its entry was ${fault}`, async () => {
      await append([asked(['a', 'b', 'c'])]);
      const faulty = new FaultySql(database.sql);
      const one = detection({ logSql: faulty });
      faulty.failNext(fault);
      expect(await rejection(one.step())).to.be.instanceOf(Error);
      await one.step();
      await one.step();
      expect(await alerts()).to.have.length(1);
      expect(alertsCounted()).to.equal(1);
    });

  it('shows the age of what it has not followed, and of an alert that is not written', async () => {
    const lag = (): number | undefined => gauges.at(-1)?.[1];
    const noLog = detection({ openLog: () => Promise.reject(new Error('every log is held')) });
    await detection().tick();
    expect(lag()).to.equal(0);
    await append([asked(['a', 'b', 'c'])]);
    await noLog.tick();
    expect(lag()).to.be.greaterThan(0);
    await database.ownerSql.query(
      `UPDATE audit_detection_lease SET holder = 'x', expires_at = now() + interval '1 hour'`,
    );
    await detection({ holder: 'two' }).tick();
    expect(lag(), 'the alert waits').to.equal(3_600);
    await database.ownerSql.query('UPDATE audit_detection_lease SET holder = NULL, expires_at = NULL');
    await detection().tick();
    expect(lag()).to.equal(0);
    await detection().step();
    await database.ownerSql.query(
      `UPDATE audit_detection_lease SET holder = 'x', expires_at = now() + interval '1 hour'`,
    );
    await append([asked(['d'], { at: later(600) })]);
    await detection({ holder: 'two' }).tick();
    expect(lag(), 'an entry waits').to.equal(3_000);
  });

  it('warns once and shows a growing lag while the database cannot be asked', async () => {
    const down = new FaultySql(database.sql);
    const one = detection({ sql: down });
    down.down();
    for (let nth = 0; nth < 3; nth += 1) await one.tick();
    expect(observer.lines.map(({ event }) => event)).to.deep.equal(['detection_failed']);
    const shown = gauges.map(([, value]) => value);
    expect(shown).to.have.length(3);
    expect(shown).to.deep.equal([...shown].sort((a, b) => a - b));
    expect(shown[0]).to.be.greaterThan(0);
    down.up();
    await one.tick();
    expect(gauges.at(-1)?.[1]).to.equal(0);
  });

  it('passes over a position whose entry is missing', async () => {
    await append([asked(['a']), asked(['b']), asked(['c']), asked(['d'])]);
    await database.ownerSql.query('DELETE FROM audit_subject WHERE index = 1; DELETE FROM audit_entry WHERE index = 1');
    expect(await detection().step()).to.deep.equal({ state: 'followed', entries: 3, written: 1 });
  });

  it('forgets counts when their window has ended, and keeps no token', async () => {
    await append([asked(['a', 'b', 'c'])]);
    await detection().step();
    const rows = async (table: string): Promise<string> =>
      JSON.stringify((await database.sql.query(`SELECT t::text FROM ${table} t`)).rows);
    for (const table of ['audit_detection_member', 'audit_detection_group', 'audit_alert']) {
      expect(await rows(table)).to.not.equal('[]');
      for (const person of ['a', 'b', 'c']) expect(await rows(table)).to.not.include(tokenOf(person));
    }
    await detection({ clock: standingClock(later(3 * 3_600)) }).step();
    expect([await rows('audit_detection_member'), await rows('audit_detection_group')]).to.deep.equal(['[]', '[]']);
    await append([asked(['a', 'b', 'c'])]);
    await detection().step();
    expect(await alerts(), 'a late entry raises no second alert').to.have.length(1);
  });

  it('does not follow its own alerts', async () => {
    await append([asked(['a', 'b', 'c'])]);
    await detection().step();
    await detection().step();
    expect((await storedTale(database.sql)).filter((one) => one.startsWith('alert'))).to.have.length(1);
  });
});
