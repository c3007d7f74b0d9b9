import { expect } from 'chai';
import { SinkFeed, type FeedOptions } from '../../../monitoring/sinks/feed.js';
import { SqlFailure, type Sql } from '../../../schemas/ports/sql.js';
import type { Labels } from '../../../schemas/ports/observer.js';
import { listeningObserver, standingClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { completionDraft, intentDraft } from '../audit/drafts.js';
import { emptyLog, openDatabase, openLog } from '../audit/harness.js';
import { Deliveries, firstOf, indexesOf } from './deliveries.js';

const upTo = (size: number): readonly number[] => Array.from({ length: size }, (_, index) => index);

describe('SinkFeed', () => {
  let database: TestDatabase;
  let now: number;
  const observer = listeningObserver();
  const gauges: [string, number, Labels | undefined][] = [];
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    now = 0;
    observer.lines.length = 0;
    gauges.length = 0;
    await database.ownerSql.query('TRUNCATE audit_sink, audit_sink_cursor');
    await emptyLog(database);
    await database.sql.query(
      `INSERT INTO audit_sink (name, target, target_hash, cases, is_named) VALUES ('one', 't', 'h', false, true), ('two', 't', 'h', false, true)`,
    );
  });

  const write = async (size: number, holder = 'replica-1', poolSize = 1): Promise<void> => {
    const log = await openLog(database.sql, holder, { poolSize });
    await Promise.all(upTo(size).map((nth) => log.append(completionDraft(`r${nth}`))));
    await log.close();
  };
  const feedTo = (target: Deliveries, changes: Partial<FeedOptions> = {}): SinkFeed =>
    new SinkFeed({
      name: 'one',
      target,
      sql: database.sql,
      clock: { ...standingClock('2026-11-23T10:05:00.000Z'), monotonic: () => now },
      observer: { ...observer, gauge: (name, value, labels) => void gauges.push([name, value, labels]) },
      holder: 'replica-1',
      events: { cases: false, origin: undefined },
      batch: 10,
      timeoutMs: 60_000,
      ...changes,
    });
  const drain = async (feed: SinkFeed): Promise<string> => {
    for (;;) {
      const step = await feed.step();
      if (step !== 'fed') return step;
    }
  };
  const cursors = async (sink = 'one'): Promise<Readonly<Record<string, number>>> => {
    const { rows } = await database.sql.query<{ log_id: string; next_index: string }>(
      'SELECT log_id, next_index FROM audit_sink_cursor WHERE sink = $1',
      [sink],
    );
    return Object.fromEntries(rows.map(({ log_id: log, next_index: next }) => [log, Number(next)]));
  };

  it('sends every entry once and in order, in bounded batches, then waits for more', async () => {
    await write(25);
    const target = new Deliveries();
    expect(await drain(feedTo(target))).to.equal('idle');
    expect(target.batches.map(({ length }) => length)).to.deep.equal([10, 10, 5]);
    expect(indexesOf(target.ids)).to.deep.equal(upTo(25));
    expect(await cursors()).to.deep.equal({ 'tereze/0': 25 });
    await write(3);
    await drain(feedTo(target));
    expect(indexesOf(target.ids)).to.deep.equal(upTo(28));
  });

  it('keeps a place of its own for each sink', async () => {
    await write(5);
    const [one, two] = [new Deliveries(), new Deliveries()];
    two.fail('refused');
    await drain(feedTo(one));
    await drain(feedTo(two, { name: 'two' }));
    expect([one.ids.length, two.ids.length]).to.deep.equal([5, 0]);
    expect([await cursors(), await cursors('two')]).to.deep.equal([{ 'tereze/0': 5 }, {}]);
  });

  it('feeds all logs in turns', async () => {
    const other = await openLog(database.sql, 'replica-2', { poolSize: 2 });
    await write(20, 'replica-1', 2);
    await Promise.all(upTo(20).map((nth) => other.append(completionDraft(`o${nth}`))));
    await other.close();
    const target = new Deliveries();
    await drain(feedTo(target));
    expect(target.batches.map(([id]) => id?.slice(0, 8))).to.deep.equal([
      ...['tereze/0', 'tereze/1', 'tereze/0', 'tereze/1'],
    ]);
    for (const log of ['tereze/0', 'tereze/1']) expect(indexesOf(target.ids, log)).to.deep.equal(upTo(20));
  });

  it('moves past intents, of which there are no events, without a delivery', async () => {
    const log = await openLog(database.sql);
    await log.append(intentDraft('r1'));
    const target = new Deliveries();
    expect(await drain(feedTo(target))).to.equal('idle');
    expect(target.tries).to.equal(0);
    expect(await cursors()).to.deep.equal({ 'tereze/0': 1 });
    await log.close();
  });

  for (const isTaken of [false, true])
    it(`sends the same events again after a failure ${isTaken ? 'behind' : 'before'} the receiver`, async () => {
      await write(25);
      const target = new Deliveries();
      const feed = feedTo(target);
      await feed.step();
      target.fail('unreachable', { isTaken });
      expect(await feed.step()).to.equal('failed');
      now += 1_000;
      await drain(feed);
      expect(indexesOf(firstOf(target.ids))).to.deep.equal(upTo(25));
      expect(target.ids.length).to.equal(isTaken ? 35 : 25);
    });

  it('tries again later and later, a minute at most, and says so once', async () => {
    await write(1);
    const target = new Deliveries();
    target.fail('timeout', { times: 10 });
    const feed = feedTo(target);
    const waits: number[] = [];
    expect(await feed.step()).to.equal('failed');
    for (let nth = 0; nth < 9; nth += 1) {
      const failedAt = now;
      while ((await feed.step()) === 'waiting') now += 500;
      waits.push(now - failedAt);
    }
    expect(waits).to.deep.equal([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000));
    expect(observer.lines.map(({ event }) => event)).to.deep.equal(['audit_sink_failing']);
    expect(await cursors()).to.deep.equal({});
  });

  it('sends again what was acknowledged if the place could not be moved, or the reply was lost', async () => {
    for (const isWritten of [false, true]) {
      await database.ownerSql.query('TRUNCATE audit_sink_cursor');
      await emptyLog(database);
      await write(15);
      const target = new Deliveries();
      let faults = 1;
      const sql: Sql = {
        transaction: (work) => database.sql.transaction(work),
        query: async (text, values) => {
          const isMove = text.startsWith('INSERT INTO audit_sink_cursor') && faults-- > 0;
          if (!isMove || isWritten) {
            const result = await database.sql.query<never>(text, values);
            if (!isMove) return result;
          }
          throw new SqlFailure('the connection was lost', { outcome: 'unknown' });
        },
      };
      const feed = feedTo(target, { sql });
      expect(await rejection(feed.step())).to.be.instanceOf(SqlFailure);
      await drain(feed);
      expect(indexesOf(firstOf(target.ids))).to.deep.equal(upTo(15));
      expect(target.ids.length).to.equal(isWritten ? 15 : 25);
    }
  });

  it('leaves a sink to the replica that feeds it, until its lease is over, and moves nothing then', async () => {
    await write(20);
    const [first, second] = [new Deliveries(), new Deliveries()];
    const one = feedTo(first);
    expect(await one.step()).to.equal('fed');
    const other = feedTo(second, { holder: 'replica-2' });
    expect(await other.step()).to.equal('elsewhere');
    await database.sql.query(`UPDATE audit_sink SET expires_at = clock_timestamp() - interval '1 second'`);
    const slow = new (class extends Deliveries {
      override async deliver(events: Parameters<Deliveries['deliver']>[0]): Promise<void> {
        await super.deliver(events);
        await database.sql.query(`UPDATE audit_sink SET expires_at = clock_timestamp() - interval '1 second'`);
        expect(await drain(other)).to.equal('idle');
      }
    })();
    expect(await feedTo(slow).step()).to.equal('elsewhere');
    expect(indexesOf(second.ids)).to.deep.equal(upTo(20).slice(10));
    expect(await cursors()).to.deep.equal({ 'tereze/0': 20 });
  });

  it('gives the sink to others when it ends', async () => {
    await write(1);
    const feed = feedTo(new Deliveries());
    await feed.step();
    await feed.close();
    expect(await feedTo(new Deliveries(), { holder: 'replica-2' }).step()).to.equal('idle');
  });

  it('sends nothing to a sink that the configuration does not name any more', async () => {
    await write(1);
    await database.sql.query(`UPDATE audit_sink SET is_named = false WHERE name = 'one'`);
    const target = new Deliveries();
    expect(await feedTo(target).step()).to.equal('elsewhere');
    expect(target.tries).to.equal(0);
  });

  it('says that a row is missing, and goes on', async () => {
    await write(5);
    await database.ownerSql.query('DELETE FROM audit_entry WHERE index = 2');
    const target = new Deliveries();
    await drain(feedTo(target));
    expect(indexesOf(target.ids)).to.deep.equal([0, 1, 3, 4]);
    expect(observer.lines).to.deep.equal([
      { level: 'error', event: 'audit_sink_entries_missing', fields: { sink: 'one', log: 'tereze/0' } },
    ]);
  });

  it('shows how old the oldest entry is that the receiver does not have', async () => {
    await write(5);
    const target = new Deliveries();
    target.fail('refused');
    const feed = feedTo(target);
    feed.start();
    await until(() => gauges.length > 0 && target.tries > 0);
    await feed.close();
    expect(gauges[0]).to.deep.equal(['tereze_audit_sink_lag_seconds', 300, { sink: 'one' }]);
    await drain(feedTo(new Deliveries()));
    const idle = feedTo(new Deliveries());
    gauges.length = 0;
    idle.start();
    await until(() => gauges.length > 0);
    await idle.close();
    expect(gauges[0]?.[1]).to.equal(0);
  });
});

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 20));
}
