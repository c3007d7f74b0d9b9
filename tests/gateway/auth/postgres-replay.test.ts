import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import { PostgresReplayStore } from '../../../gateway/auth/postgres-replay.js';
import type { ProofUse } from '../../../schemas/ports/proof-use.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { SqlFailure, type Sql } from '../../../schemas/ports/sql.js';
import { listeningObserver, seededRandom, silentObserver } from '../../doubles.js';
import { openTestDatabase, type TestDatabase } from '../state/test-database.js';
import { HandClock, NOW } from './party.js';

const proof = (id: string, endsInMs = 120_000, usableFrom = NOW): ProofUse => ({
  usableFrom,
  hash: createHash('sha256').update(id).digest('hex'),
  endsAt: new Date(NOW.getTime() + endsInMs),
});

describe('PostgresReplayStore', () => {
  let database: TestDatabase;
  before(async function () {
    this.timeout(60_000);
    database = await openTestDatabase({
      migrations: ['auth', 'state'].map((room) => join(packageRoot(), 'gateway', room, 'migrations')),
    });
  });
  after(() => database.close());

  const storeOn = (sql: Sql, clock = new HandClock()) =>
    new PostgresReplayStore({ sql, clock, random: seededRandom(), observer: silentObserver() });

  it('knows a proof again, on every replica', async () => {
    expect(await storeOn(database.sql).use(proof('one'))).to.equal('first');
    expect(await storeOn(database.sql).use(proof('one'))).to.equal('again');
    expect(await storeOn(database.sql).use(proof('two'))).to.equal('first');
  });

  it('lets one of many at once be first: within one replica and among several', async () => {
    const replicas = [storeOn(database.sql), storeOn(database.sql), storeOn(database.sql)];
    const uses = await Promise.all(Array.from({ length: 60 }, (_, n) => replicas[n % 3]!.use(proof(`raced-${n % 4}`))));
    expect(uses.filter((use) => use === 'first')).to.have.lengthOf(4);
  });

  it('commits what waits together in one statement', async () => {
    let statements = 0;
    const counting: Sql = {
      query: (text, values) => ((statements += 1), database.sql.query(text, values)),
      transaction: (work) => database.sql.transaction(work),
    };
    const store = storeOn(counting);
    const uses = await Promise.all(Array.from({ length: 50 }, (_, n) => store.use(proof(`batched-${n}`))));
    expect(new Set(uses)).to.deep.equal(new Set(['first']));
    expect(statements).to.be.lessThan(4);
  });

  it('takes a proof that could be used before the database was last accepted for a used one', async () => {
    await database.ownerSql.query('UPDATE state_epoch SET accepted_at = $1', [NOW.toISOString()]);
    try {
      const store = storeOn(database.sql);
      const after = new Date(NOW.getTime() + 1);
      expect(await store.use(proof('before-the-acceptance', 120_000, NOW))).to.equal('again');
      expect(await store.use(proof('after-the-acceptance', 120_000, after))).to.equal('first');
      expect(await store.use(proof('after-the-acceptance', 120_000, after))).to.equal('again');
    } finally {
      await database.ownerSql.query('UPDATE state_epoch SET accepted_at = NULL');
    }
  });

  it('forgets what has ended, and only that', async () => {
    const clock = new HandClock();
    const store = storeOn(database.sql, clock);
    await store.use(proof('ended', 1_000));
    clock.advance(61_000);
    await store.use(proof('still-valid'));
    const { rows } = await database.sql.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM dpop_replay WHERE expires_at < $1',
      [clock.now().toISOString()],
    );
    expect(rows[0]?.n).to.equal(0);
    expect(await store.use(proof('still-valid'))).to.equal('again');
  });

  it('refuses no one because it could not forget', async () => {
    const clock = new HandClock();
    const observer = listeningObserver();
    const sql: Sql = {
      query: (text, values) =>
        text.includes('DELETE')
          ? Promise.reject(new SqlFailure('down', { outcome: 'not_done' }))
          : database.sql.query(text, values),
      transaction: (work) => database.sql.transaction(work),
    };
    const store = new PostgresReplayStore({ sql, clock, random: seededRandom(), observer });
    clock.advance(61_000);
    expect(await store.use(proof('while-purge-fails'))).to.equal('first');
    expect(observer.lines.map(({ event }) => event)).to.deep.equal(['dpop_replay_not_purged']);
  });

  for (const outcome of ['not_done', 'unknown'] as const) {
    it(`rejects everyone who waited when the statement fails (${outcome})`, async () => {
      const failing: Sql = {
        query: () => Promise.reject(new SqlFailure('lost', { outcome })),
        transaction: () => Promise.reject(new Error('unused')),
      };
      const store = storeOn(failing);
      const settled = await Promise.allSettled([store.use(proof('a')), store.use(proof('b'))]);
      expect(settled.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    });
  }

  it('knows a proof that was written although the reply was lost', async () => {
    let isLost = true;
    const losing: Sql = {
      query: async (text, values) => {
        const result = await database.sql.query(text, values);
        if (isLost) throw new SqlFailure('connection lost', { outcome: 'unknown' });
        return result as never;
      },
      transaction: (work) => database.sql.transaction(work),
    };
    const store = storeOn(losing);
    expect(await store.use(proof('lost-reply')).catch((error: unknown) => error)).to.be.instanceOf(SqlFailure);
    isLost = false;
    expect(await store.use(proof('lost-reply'))).to.equal('again');
  });

  it('may not change what it has stored (runtime role)', async () => {
    const changed = await database.sql
      .query('UPDATE dpop_replay SET expires_at = now()')
      .catch((error: unknown) => error);
    expect(changed).to.be.instanceOf(SqlFailure);
  });

  it('is seen as failed from a use that failed on, until one succeeds', async () => {
    let isDown = false;
    const sql: Sql = {
      query: (text, values) =>
        isDown ? Promise.reject(new SqlFailure('down', { outcome: 'not_done' })) : database.sql.query(text, values),
      transaction: (work) => database.sql.transaction(work),
    };
    const store = storeOn(sql);
    await store.watch();
    expect(store.lastSeen().ok).to.equal(true);
    isDown = true;
    await store.use(proof('while-down')).catch(() => undefined);
    expect(store.lastSeen().ok).to.equal(false);
    isDown = false;
    expect(await store.use(proof('after'))).to.equal('first');
    expect(store.lastSeen().ok).to.equal(true);
    await store.close();
  });
});
