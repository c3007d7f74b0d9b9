import { expect } from 'chai';
import { AnchorAge } from '../../../monitoring/anchors/anchor-age.js';
import { Coverage } from '../../../monitoring/anchors/coverage.js';
import { readUnproven, storeProof } from '../../../monitoring/anchors/stored-anchors.js';
import { listeningObserver, standingClock } from '../../doubles.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { rejection } from '../../rejection.js';
import { signCheckpoints } from '../audit/checkpoints/sign-checkpoints.js';
import { completionDraft } from '../audit/drafts.js';
import { emptyLog, openDatabase, openLog } from '../audit/harness.js';
import { FakeAnchor } from './fake-anchor.js';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-11-23T10:00:00.000Z');
const MAX_AGE_MS = 4 * HOUR_MS;

describe('the age of what no anchor proves', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  let now: number;
  let gauges: number[];
  let anchor: FakeAnchor;
  let invalid: string[];
  let observer: ReturnType<typeof listeningObserver>;
  beforeEach(async () => {
    now = START;
    gauges = [];
    invalid = [];
    anchor = new FakeAnchor();
    observer = { ...listeningObserver(), gauge: (_, value) => void gauges.push(value) };
    await emptyLog(database);
  });

  const clock = { ...standingClock(), now: () => new Date(now) };
  const coverageOf = (anchors = [anchor]): Coverage =>
    new Coverage({
      sql: database.sql,
      anchors,
      onInvalid: ({ logId, size, name }) => invalid.push(`${logId}/${size} ${name}`),
    });
  const ageOf = (
    maxAgeMs: number | undefined = MAX_AGE_MS,
    coverage: Pick<Coverage, 'oldestUnproven'> = coverageOf(),
  ): AnchorAge => new AnchorAge({ coverage, clock, observer, maxAgeMs });
  /** Appends an entry, at the present time, to the log of a number. */
  const append = async (number = 0): Promise<void> => {
    const logs = await Promise.all(
      Array.from({ length: number + 1 }, (_, at) => openLog(database.sql, `replica-${at}`, { poolSize: 4 })),
    );
    const draft = completionDraft('r');
    await logs.at(-1)?.append({ ...draft, body: { ...draft.body, at: new Date(now).toISOString() } });
    for (const log of logs) await log.close();
  };
  /** Signs checkpoints, and has them proven. */
  const prove = async (proof?: string): Promise<void> => {
    await signCheckpoints(database.sql);
    for (const checkpoint of await readUnproven(database.sql, anchor.name))
      await storeProof(database.sql, {
        checkpoint,
        name: anchor.name,
        kind: anchor.kind,
        proof: Buffer.from(proof ?? checkpoint.note),
      });
  };
  const events = (): readonly string[] => observer.lines.map(({ event }) => event);

  it('is 0 without entries, and when each is proven, however long ago', async () => {
    const age = ageOf();
    await age.look();
    await append();
    await prove();
    now += 100 * HOUR_MS;
    await age.look();
    expect(gauges).to.deep.equal([0, 0]);
    expect([age.isOverdue(), events()]).to.deep.equal([false, []]);
  });

  it('is that of the first entry that is not proven, and an alarm above a quarter of the limit, once', async () => {
    const age = ageOf();
    await append();
    await prove();
    now += HOUR_MS;
    await append();
    now += 60_000;
    await append();
    now += HOUR_MS - 60_000;
    await age.look();
    expect(gauges).to.deep.equal([3_600]);
    expect(events()).to.deep.equal([]);
    now += 1;
    await age.look();
    await age.look();
    expect(events()).to.deep.equal(['audit_anchor_late']);
    expect(observer.lines[0]).to.have.property('level', 'error');
    await prove();
    await age.look();
    expect(events().slice(1)).to.deep.equal(['audit_anchor_current']);
    expect(gauges.at(-1)).to.equal(0);
  });

  it('is overdue above the limit, not at it, and no longer after the first anchor that covers the log', async () => {
    const age = ageOf();
    await append();
    await age.look();
    now += MAX_AGE_MS;
    expect(age.isOverdue(), 'at the limit').to.equal(false);
    now += 1;
    expect(age.isOverdue(), 'above it').to.equal(true);
    await age.look();
    expect(events()).to.deep.equal(['audit_anchor_overdue']);
    // What is refused is an entry as well. It is as young as it is.
    await append();
    await prove();
    await append();
    expect(age.isOverdue(), 'until it is looked').to.equal(true);
    await age.look();
    expect(age.isOverdue()).to.equal(false);
    expect(gauges.at(-1)).to.equal(0);
    expect(events()).to.deep.equal(['audit_anchor_overdue', 'audit_anchor_current']);
  });

  it('is not overdue by an anchor that covers only a part', async () => {
    const age = ageOf();
    await append();
    await prove();
    await append();
    now += MAX_AGE_MS + 1;
    await age.look();
    expect(age.isOverdue()).to.equal(true);
  });

  it('without a limit has its alarm after an hour, and is never overdue', async () => {
    const age = new AnchorAge({ coverage: coverageOf(), clock, observer, maxAgeMs: undefined });
    await append();
    now += HOUR_MS;
    await age.look();
    expect(events()).to.deep.equal([]);
    now += 1_000 * HOUR_MS;
    await age.look();
    expect(events()).to.deep.equal(['audit_anchor_late']);
    expect(age.isOverdue()).to.equal(false);
  });

  it('is that of the log that is worst, also of one that does not grow', async () => {
    await append(1);
    now += HOUR_MS;
    await append(0);
    await database.sql.query(`UPDATE audit_head SET size = size WHERE false`);
    await signCheckpoints(database.sql);
    for (const checkpoint of await readUnproven(database.sql, anchor.name))
      if (checkpoint.logId === 'tereze/0')
        await storeProof(database.sql, {
          checkpoint,
          name: anchor.name,
          kind: anchor.kind,
          proof: Buffer.from(checkpoint.note),
        });
    now += HOUR_MS;
    await ageOf().look();
    expect(gauges).to.deep.equal([7_200]);
    await prove();
    await ageOf().look();
    expect(gauges.at(-1)).to.equal(0);
  });

  it('is known after a restart, before the first question', async () => {
    await append();
    now += MAX_AGE_MS + 1;
    const age = ageOf();
    expect(age.isOverdue(), 'nothing is known yet').to.equal(true);
    await age.start();
    expect(age.isOverdue()).to.equal(true);
    await age.close();
    await prove();
    const next = ageOf();
    await next.start();
    expect(next.isOverdue()).to.equal(false);
    await next.close();
  });

  it('grows while the database cannot be read, and is unknown if it never could', async () => {
    let isDown = false;
    const coverage = coverageOf();
    const age = ageOf(MAX_AGE_MS, {
      oldestUnproven: async () => (isDown ? Promise.reject(new Error('down')) : coverage.oldestUnproven()),
    });
    await age.look();
    isDown = true;
    now += MAX_AGE_MS + 1;
    await rejection(age.look());
    expect(age.isOverdue(), 'for so long nothing is known').to.equal(true);
    isDown = false;
    await age.look();
    expect(age.isOverdue()).to.equal(false);
    isDown = true;
    const unknown = ageOf(MAX_AGE_MS, { oldestUnproven: async () => Promise.reject(new Error('down')) });
    await unknown.start();
    expect(unknown.isOverdue()).to.equal(true);
    await unknown.close();
    expect(events()).to.include('audit_anchor_age_unknown');
  });

  it('counts no proof that does not hold: of another checkpoint, another anchor or kind, or of none; and says so once', async () => {
    await append();
    await prove('of another checkpoint');
    const [row] = await readUnproven(database.sql, 'no anchor');
    const checkpoint = row ?? expect.fail('no checkpoint');
    const proof = Buffer.from(checkpoint.note);
    await storeProof(database.sql, { checkpoint, name: 'stranger', kind: 'timestamp', proof });
    await storeProof(database.sql, {
      checkpoint: { ...checkpoint, size: 99 },
      name: anchor.name,
      kind: 'timestamp',
      proof,
    });
    await storeProof(database.sql, {
      checkpoint: { ...checkpoint, logId: 'tereze/3' },
      name: anchor.name,
      kind: 'timestamp',
      proof,
    });
    now += HOUR_MS;
    const age = ageOf();
    await age.look();
    await age.look();
    expect(gauges).to.deep.equal([3_600, 3_600]);
    expect([...invalid].sort()).to.deep.equal([
      'tereze/0/1 authority',
      'tereze/0/99 authority',
      'tereze/3/1 authority',
    ]);
    await ageOf(MAX_AGE_MS, coverageOf([new FakeAnchor('stranger')])).look();
    expect(gauges.at(-1), 'the anchor is known').to.equal(0);
    const other = Object.assign(new FakeAnchor('stranger'), { kind: 'witness' });
    await ageOf(MAX_AGE_MS, coverageOf([other])).look();
    expect(gauges.at(-1), 'it is of another kind').to.equal(3_600);
  });

  it('takes an older proof that holds where a newer one does not, and checks each once', async () => {
    await append();
    await prove();
    now += HOUR_MS;
    await append();
    await prove('broken');
    now += 60_000;
    const age = ageOf();
    for (let look = 0; look < 3; look += 1) await age.look();
    expect(gauges).to.deep.equal([60, 60, 60]);
    expect(anchor.checks).to.equal(2);
  });

  it('leaves out a closed log, and of an open one nothing', async () => {
    await append();
    await signCheckpoints(database.sql);
    now += HOUR_MS;
    await ageOf().look();
    expect(gauges).to.deep.equal([3_600]);
    await database.ownerSql.query(
      `UPDATE audit_head SET head_size = size, closed_log = 'tereze/1', closed_index = 0 WHERE log_id = 'tereze/0'`,
    );
    try {
      await ageOf().look();
      expect(gauges.at(-1)).to.equal(0);
    } finally {
      await database.ownerSql.query('ALTER TABLE audit_head DISABLE TRIGGER audit_head_stays_closed');
      await database.ownerSql.query('UPDATE audit_head SET head_size = NULL, closed_log = NULL, closed_index = NULL');
      await database.ownerSql.query('ALTER TABLE audit_head ENABLE TRIGGER audit_head_stays_closed');
    }
  });

  it('is unknown where the entry after what is proven is missing', async () => {
    await append();
    await database.ownerSql.query('TRUNCATE audit_entry, audit_subject');
    expect(await rejection(coverageOf().oldestUnproven())).to.be.instanceOf(RangeError);
  });
});
