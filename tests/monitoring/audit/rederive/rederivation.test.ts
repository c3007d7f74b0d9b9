import { expect } from 'chai';
import { readCompared } from '../../../../monitoring/audit/rederive/compared.js';
import { Rederivation } from '../../../../monitoring/audit/rederive/rederivation.js';
import type { Clock } from '../../../../schemas/ports/clock.js';
import { listeningObserver, standingClock } from '../../../doubles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { intentDraft } from '../drafts.js';
import { emptyLog, openDatabase, openLog } from '../harness.js';

const HOUR_MS = 3_600_000;

describe('Rederivation', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    await emptyLog(database);
    await database.ownerSql.query('TRUNCATE audit_rederivation, audit_finding');
    await database.ownerSql.query('UPDATE audit_rederivation_lease SET holder = NULL, expires_at = NULL');
    const log = await openLog(database.sql);
    await Promise.all(
      Array.from({ length: 450 }, (_, nth) => log.append(intentDraft(`r${nth}`, { subjects: [`p${nth}`] }))),
    );
    await log.close();
  });

  const observer = listeningObserver();
  beforeEach(() => void (observer.lines.length = 0));
  const pass = ({ holder = 'one', clock = standingClock() }: { holder?: string; clock?: Clock } = {}): Rederivation =>
    new Rederivation({ sql: database.sql, clock, observer, holder, everyMs: HOUR_MS });
  const whole = async (one: Rederivation): Promise<number> => {
    let compared = 0;
    for (;;) {
      const step = await one.step();
      if (step.state !== 'compared') return compared;
      compared += step.compared;
    }
  };

  it('compares every row once, and says since when and up to which', async () => {
    expect((await readCompared(database.sql)).at).to.equal(null);
    expect(await whole(pass())).to.equal(450);
    expect(await readCompared(database.sql)).to.deep.equal({
      logs: [{ log: 'tereze/0', size: 450, through: 450, at: '2026-11-23T10:00:00.000Z' }],
      at: '2026-11-23T10:00:00.000Z',
      findings: [],
      found: 0,
    });
    expect(observer.lines).to.deep.equal([]);
  });

  it('begins again when it is time, and not before', async () => {
    await whole(pass());
    expect((await pass().step()).state).to.equal('idle');
    expect(await whole(pass({ clock: standingClock('2026-11-23T11:00:00.000Z') }))).to.equal(450);
  });

  it('goes on where another replica ended', async () => {
    const first = pass();
    await first.step();
    expect((await pass({ holder: 'two' }).step()).state).to.equal('elsewhere');
    await first.close();
    expect(await whole(pass({ holder: 'two' }))).to.equal(250);
  });

  it('takes over from a replica that is gone', async () => {
    await pass().step();
    await database.ownerSql.query(`UPDATE audit_rederivation_lease SET expires_at = now() - interval '1 second'`);
    expect((await pass({ holder: 'two' }).step()).compared).to.equal(200);
  });

  for (const [what, change, index, found] of [
    ['a column', `UPDATE audit_entry SET purpose = 'x' WHERE index = 301`, 301, ['purpose']],
    [
      'an index token',
      `UPDATE audit_subject SET index_token = decode(repeat('00', 16), 'hex') WHERE index = 7`,
      7,
      ['subject_token 0'],
    ],
    ['a salt', `UPDATE audit_subject SET salt = decode('00', 'hex') WHERE index = 7`, 7, ['subject_token 0']],
    ['the row of a person that is gone', 'DELETE FROM audit_subject WHERE index = 449', 449, ['subject_missing 0']],
    [
      'an entry that is gone',
      'DELETE FROM audit_subject WHERE index = 5; DELETE FROM audit_entry WHERE index = 5',
      5,
      ['missing'],
    ],
    [
      'the last entry that is gone',
      'DELETE FROM audit_subject WHERE index = 449; DELETE FROM audit_entry WHERE index = 449',
      449,
      ['missing'],
    ],
  ] as const)
    it(`finds ${what}, once`, async () => {
      await database.ownerSql.query(change);
      await whole(pass());
      await whole(pass({ clock: standingClock('2026-11-23T12:00:00.000Z') }));
      expect((await readCompared(database.sql)).findings).to.deep.equal([{ log: 'tereze/0', index, what: found }]);
      expect(observer.lines).to.deep.equal([
        { level: 'error', event: 'audit_row_changed', fields: { log: 'tereze/0', index, what: found.join(' ') } },
      ]);
    });

  it('finds bytes that do not hash to their leaf', async () => {
    await database.ownerSql.query('ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_leaf');
    await database.ownerSql.query(`UPDATE audit_entry SET entry = '{}' WHERE index = 9`);
    await whole(pass());
    expect((await readCompared(database.sql)).findings).to.deep.equal([
      { log: 'tereze/0', index: 9, what: ['leaf', 'unreadable'] },
    ]);
  });
});
