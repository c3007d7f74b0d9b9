import { expect } from 'chai';
import { Anchoring, type AnchoringOptions } from '../../../monitoring/anchors/anchoring.js';
import { SqlFailure, type Sql } from '../../../schemas/ports/sql.js';
import { listeningObserver, standingClock } from '../../doubles.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { rejection } from '../../rejection.js';
import { signCheckpoints } from '../audit/checkpoints/sign-checkpoints.js';
import { completionDraft } from '../audit/drafts.js';
import { emptyLog, openDatabase, openLog } from '../audit/harness.js';
import { FakeAnchor } from './fake-anchor.js';

describe('anchoring', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  let now: number;
  let observer: ReturnType<typeof listeningObserver>;
  let counted: string[];
  beforeEach(async () => {
    now = 0;
    counted = [];
    observer = {
      ...listeningObserver(),
      count: (_, labels) => void counted.push(`${labels?.['anchor']} ${labels?.['outcome']}`),
    };
    await emptyLog(database);
    await database.ownerSql.query('UPDATE audit_anchor_lease SET holder = NULL, expires_at = NULL');
  });

  const anchoringOf = (anchors: readonly FakeAnchor[], changes: Partial<AnchoringOptions> = {}): Anchoring =>
    new Anchoring({
      sql: database.sql,
      clock: { ...standingClock(), monotonic: () => now },
      observer,
      anchors: anchors.map((anchor) => ({ anchor, everyMs: 60_000, isAsked: true })),
      holder: 'replica-1',
      leaseMs: 60_000,
      isStateCurrent: () => true,
      ...changes,
    });
  /** Appends to several logs, and signs their checkpoints. */
  const grow = async (logs: number, entries = 2): Promise<void> => {
    const open = await Promise.all(
      Array.from({ length: logs }, (_, at) => openLog(database.sql, `replica-${at}`, { poolSize: logs })),
    );
    for (const log of open) for (let at = 0; at < entries; at += 1) await log.append(completionDraft(`r${at}`));
    for (const log of open) await log.close();
    await signCheckpoints(database.sql);
  };
  const stored = async (): Promise<readonly string[]> =>
    (
      await database.sql.query<{ readonly place: string }>(
        `SELECT log_id || '/' || size || ' ' || name AS place FROM audit_anchor ORDER BY log_id, size, name`,
      )
    ).rows.map(({ place }) => place);
  const events = (): readonly string[] =>
    observer.lines.map(({ event, fields }) => `${event} ${fields['log']} ${fields['reason'] ?? ''}`.trim());

  it('proves the newest checkpoint of each log that grew, once, and no more often than it may', async () => {
    const anchor = new FakeAnchor();
    const anchoring = anchoringOf([anchor]);
    await anchoring.round();
    expect(anchor.asked, 'nothing is there').to.deep.equal([]);
    now += 60_000;
    await grow(2);
    await anchoring.round();
    expect(await stored()).to.deep.equal(['tereze/0/2 authority', 'tereze/1/2 authority']);
    now += 60_000;
    await anchoring.round();
    expect(anchor.asked, 'no log grew').to.have.length(2);
    await grow(1);
    now += 59_999;
    await anchoring.round();
    expect(anchor.asked, 'it is not due').to.have.length(2);
    now += 1;
    await anchoring.round();
    expect(anchor.asked.slice(2)).to.deep.equal(['tereze/0/4']);
    expect(counted).to.deep.equal(['authority ok', 'authority ok', 'authority ok']);
    expect(events()).to.deep.equal([]);
  });

  it('proves nothing that is not signed', async () => {
    const log = await openLog(database.sql);
    await log.append(completionDraft('r'));
    await log.close();
    await database.ownerSql.query(
      `INSERT INTO audit_checkpoint (log_id, size, root) SELECT log_id, size, root FROM audit_head WHERE size > 0`,
    );
    const anchor = new FakeAnchor();
    await anchoringOf([anchor]).round();
    expect(anchor.asked).to.deep.equal([]);
  });

  it('goes on with the other anchors and logs when one of them fails, and says so once', async () => {
    await grow(3);
    const [one, two] = [new FakeAnchor('one'), new FakeAnchor('two')];
    one.failing = { 'tereze/1': 'inconsistent' };
    two.failing = 'refused';
    const anchoring = anchoringOf([one, two]);
    await anchoring.round();
    now += 60_000;
    await anchoring.round();
    expect(await stored()).to.deep.equal(['tereze/0/2 one', 'tereze/2/2 one']);
    // The two are asked beside each other: which of them answers first is open.
    expect(events().filter((event) => event.includes('tereze/1'))).to.have.members([
      'audit_anchor_failed tereze/1 inconsistent',
      'audit_anchor_failed tereze/1 refused',
    ]);
    expect(counted.filter((outcome) => outcome === 'one inconsistent')).to.have.length(2);
    expect(observer.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields['reason'])).to.deep.equal(
      ['inconsistent'],
    );
    one.failing = undefined;
    two.failing = undefined;
    now += 60_000;
    await anchoring.round();
    expect(await stored()).to.have.length(6);
    expect(events().slice(4)).to.have.members([
      'audit_anchor_answers tereze/0',
      'audit_anchor_answers tereze/1',
      'audit_anchor_answers tereze/1',
      'audit_anchor_answers tereze/2',
    ]);
  });

  for (const reason of ['unreachable', 'timeout'] as const)
    it(`leaves the rest for the next round when those outside are gone: ${reason}`, async () => {
      await grow(12, 1);
      const anchor = new FakeAnchor();
      anchor.failing = reason;
      const anchoring = anchoringOf([anchor]);
      await anchoring.round();
      expect(anchor.asked.length).to.be.at.most(4);
      anchor.failing = undefined;
      now += 60_000;
      await anchoring.round();
      expect(await stored()).to.have.length(12);
    });

  it('of one anchor that hangs delays no other, and starts no second round of it', async () => {
    await grow(1);
    const [slow, fast] = [new FakeAnchor('slow'), new FakeAnchor('fast')];
    let letGo = (): void => undefined;
    slow.gate = new Promise((resolve) => (letGo = resolve));
    const anchoring = anchoringOf([slow, fast]);
    const first = anchoring.round();
    while (slow.asked.length === 0 || (await stored()).length === 0) await new Promise(setImmediate);
    now += 60_000;
    const second = anchoring.round();
    await new Promise(setImmediate);
    expect(slow.asked).to.have.length(1);
    expect(await stored()).to.deep.equal(['tereze/0/2 fast']);
    letGo();
    await Promise.all([first, second]);
    expect(await stored()).to.deep.equal(['tereze/0/2 fast', 'tereze/0/2 slow']);
  });

  it('is done by one replica at a time, and by another when that one is gone', async () => {
    await grow(1);
    const [one, two] = [new FakeAnchor(), new FakeAnchor()];
    const first = anchoringOf([one]);
    const second = anchoringOf([two], { holder: 'replica-2' });
    await first.round();
    await grow(1);
    now += 60_000;
    await second.round();
    expect(two.asked).to.deep.equal([]);
    await first.close();
    await second.round();
    expect(two.asked).to.deep.equal(['tereze/0/4']);
  });

  it('by two replicas at once keeps one proof', async () => {
    await grow(2);
    const anchors = [new FakeAnchor(), new FakeAnchor(), new FakeAnchor()];
    await Promise.all(
      anchors.map((anchor, at) => anchoringOf([anchor], { holder: `replica-${at}`, leaseMs: 0 }).round()),
    );
    expect(await stored()).to.deep.equal(['tereze/0/2 authority', 'tereze/1/2 authority']);
  });

  it('stops while the database is refused, and for a retired anchor', async () => {
    await grow(1);
    const anchor = new FakeAnchor();
    await anchoringOf([anchor], { isStateCurrent: () => false }).round();
    await anchoringOf([], { anchors: [{ anchor, everyMs: 1, isAsked: false }] }).round();
    expect(anchor.asked).to.deep.equal([]);
  });

  for (const isWritten of [false, true])
    it(`asks again when the database failed and the proof was ${isWritten ? 'written, but the reply lost' : 'not written'}`, async () => {
      await grow(1);
      let fault = true;
      const sql: Sql = {
        ...{ transaction: (work) => database.sql.transaction(work) },
        query: async (text, values) => {
          const isProof = fault && text.startsWith('INSERT INTO audit_anchor ');
          if (isProof && !isWritten) throw new SqlFailure('lost', { outcome: 'unknown' });
          const result = await database.sql.query<never>(text, values);
          if (isProof) throw new SqlFailure('lost', { outcome: 'unknown' });
          return result;
        },
      };
      const anchor = new FakeAnchor();
      const anchoring = anchoringOf([anchor], { sql });
      await anchoring.round();
      expect(events()).to.deep.equal(['audit_anchor_failed all database']);
      fault = false;
      now += 60_000;
      await anchoring.round();
      expect(await stored()).to.deep.equal(['tereze/0/2 authority']);
      expect(anchor.asked).to.have.length(isWritten ? 1 : 2);
    });

  it('rejects, and asks no one, when the database is down', async () => {
    const anchor = new FakeAnchor();
    const down = async (): Promise<never> => Promise.reject(new SqlFailure('down', { outcome: 'not_done' }));
    const anchoring = anchoringOf([anchor], { sql: { query: down, transaction: down } });
    expect(await rejection(anchoring.round())).to.be.instanceOf(SqlFailure);
    await anchoring.close();
    expect(anchor.asked).to.deep.equal([]);
  });

  it('that is closed asks for nothing more', async () => {
    await grow(9, 1);
    const anchor = new FakeAnchor();
    let letGo = (): void => undefined;
    anchor.gate = new Promise((resolve) => (letGo = resolve));
    const anchoring = anchoringOf([anchor]);
    const round = anchoring.round();
    while (anchor.asked.length < 4) await new Promise(setImmediate);
    const closed = anchoring.close();
    letGo();
    await Promise.all([round, closed]);
    expect(anchor.asked).to.have.length(4);
    const { rows } = await database.sql.query('SELECT FROM audit_anchor_lease WHERE holder IS NULL');
    expect(rows).to.have.length(1);
  });

  it('stores what stays: the runtime role changes and removes no proof', async () => {
    await grow(1);
    await anchoringOf([new FakeAnchor()]).round();
    for (const statement of [`UPDATE audit_anchor SET proof = 'x'`, 'DELETE FROM audit_anchor'])
      expect(await rejection(database.sql.query(statement))).to.have.property('code', '42501');
  });
});
