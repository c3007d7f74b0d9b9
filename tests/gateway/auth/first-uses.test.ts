import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import { FIRST_USES, PostgresReplayStore } from '../../../gateway/auth/postgres-replay.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { AuditUnavailable, ProofUsedBefore } from '../../../monitoring/audit/port.js';
import type { PostgresLog } from '../../../monitoring/audit/append/postgres-log.js';
import { createConsentGuard, heldConsents } from '../../../policies/consent/guard.js';
import type { ProofUse } from '../../../schemas/ports/proof-use.js';
import { seededRandom, silentObserver } from '../../doubles.js';
import { completionDraft, intentDraft } from '../../monitoring/audit/drafts.js';
import { FaultySql } from '../../monitoring/audit/append/faulty-sql.js';
import { emptyLog, openLog, storedTale } from '../../monitoring/audit/harness.js';
import { rejection } from '../../rejection.js';
import { openTestDatabase, type TestDatabase } from '../state/test-database.js';
import { HandClock, NOW } from './party.js';

const proof = (id: string, usableFrom = NOW): ProofUse => ({
  usableFrom,
  hash: createHash('sha256').update(id).digest('hex'),
  endsAt: new Date(NOW.getTime() + 120_000),
});

describe('the first use of a proof with an entry', () => {
  const clock = new HandClock();
  let database: TestDatabase;
  let replicas: PostgresLog[];
  let faulty: FaultySql;

  before(async function () {
    this.timeout(60_000);
    database = await openTestDatabase({
      migrations: ['gateway/auth', 'gateway/state', 'monitoring', 'policies'].map((room) =>
        join(packageRoot(), room, 'migrations'),
      ),
    });
  });
  after(() => database.close());
  beforeEach(async () => {
    await emptyLog(database);
    await database.ownerSql.query('TRUNCATE dpop_replay');
    faulty = new FaultySql(database.sql);
    const parts = { guard: createConsentGuard(clock), held: heldConsents(clock), uses: FIRST_USES, poolSize: 2 };
    replicas = [await openLog(faulty, 'replica-1', parts), await openLog(database.sql, 'replica-2', parts)];
  });
  afterEach(() => Promise.all(replicas.map((log) => log.close())));

  const log = (number = 0): PostgresLog => replicas[number] ?? expect.fail();
  const used = async (): Promise<number> => (await database.ownerSql.query('SELECT FROM dpop_replay')).count;

  it('is committed in the statement of the entry', async () => {
    let statements = 0;
    const counting = await openLog(
      {
        query: (text, values, options) => ((statements += 1), database.sql.query(text, values, options)),
        transaction: () => expect.fail('a transaction'),
      },
      'replica-3',
      { uses: FIRST_USES, poolSize: 3 },
    );
    statements = 0;
    await counting.append(intentDraft('r1'), { use: proof('one') });
    expect(statements).to.equal(1);
    await counting.close();
    const store = new PostgresReplayStore({
      sql: database.sql,
      clock,
      random: seededRandom(),
      observer: silentObserver(),
    });
    expect(await store.use(proof('one'))).to.equal('again');
  });

  it('that comes again writes nothing, on whichever replica', async () => {
    await log(0).append(intentDraft('r1'), { use: proof('one') });
    for (const replica of [0, 1])
      expect(await rejection(log(replica).append(intentDraft('r2'), { use: proof('one') }))).to.be.instanceOf(
        ProofUsedBefore,
      );
    expect(await storedTale(database.sql)).to.deep.equal(['intent r1']);
    expect(log(0).lastSeen().ok).to.equal(true);
    expect((await log(0).append(intentDraft('r3'), { use: proof('three') })).index).to.equal(1);
  });

  it('is one of many at once: within one replica and among several, and the log stays dense', async () => {
    const settled = await Promise.allSettled(
      Array.from({ length: 80 }, (_, number) =>
        log(number % 2).append(intentDraft(`r${number}`), { use: proof(`raced-${number % 7}`) }),
      ),
    );
    const appended = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(appended).to.have.length(7);
    expect(await used()).to.equal(7);
    for (const name of ['tereze/0', 'tereze/1']) {
      const indexes = appended.filter((one) => one.log === name).map(({ index }) => index);
      expect(indexes).to.deep.equal(indexes.map((_, index) => index));
    }
    const { rows } = await database.sql.query<{ log_id: string; index: string; leaf: string }>(
      `SELECT log_id, index, encode(leaf_hash, 'hex') AS leaf FROM audit_entry`,
    );
    expect(new Set(rows.map((row) => `${row.log_id} ${row.index} ${row.leaf}`))).to.deep.equal(
      new Set(appended.map((one) => `${one.log} ${one.index} ${one.leafHash}`)),
    );
  });

  it('leaves out of a batch only the entries that come late, subjects included', async () => {
    await log(1).append(intentDraft('early'), { use: proof('late') });
    const settled = await Promise.allSettled([
      log().append(intentDraft('r1', { subjects: ['a'] }), { use: proof('one') }),
      log().append(intentDraft('r2', { subjects: ['b', 'c'] }), { use: proof('late') }),
      log().append(intentDraft('r3', { subjects: ['d'] })),
      log().append(intentDraft('r4', { subjects: ['e'] }), { use: proof('one') }),
      log().append(intentDraft('r5', { subjects: ['f'] }), { use: proof('five') }),
    ]);
    expect(settled.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    const { rows } = await database.sql.query(
      `SELECT request_id, index, count(position)::int AS subjects FROM audit_entry LEFT JOIN audit_subject USING (log_id, index)
       WHERE log_id = 'tereze/0' GROUP BY request_id, index ORDER BY index`,
    );
    expect(rows).to.deep.equal([
      { request_id: 'r1', index: '0', subjects: 1 },
      { request_id: 'r3', index: '1', subjects: 1 },
      { request_id: 'r5', index: '2', subjects: 1 },
    ]);
  });

  it('is not noted if a claim of the batch is stale, but with the entry that follows', async () => {
    const stale = { consentId: '11111111-1111-4111-8111-111111111111', revision: 1 };
    const [completion, intent] = await Promise.allSettled([
      log().append(completionDraft('r1'), { claims: [stale] }),
      log().append(intentDraft('r2'), { use: proof('two') }),
    ]);
    expect([completion.status, intent.status]).to.deep.equal(['rejected', 'fulfilled']);
    expect(await storedTale(database.sql)).to.deep.equal(['intent r2']);
    expect(await used()).to.equal(1);
  });

  it('is refused for a proof that could be used before the database was last accepted', async () => {
    await database.ownerSql.query('UPDATE state_epoch SET accepted_at = $1', [NOW.toISOString()]);
    try {
      expect(await rejection(log().append(intentDraft('r1'), { use: proof('before') }))).to.be.instanceOf(
        ProofUsedBefore,
      );
      await log().append(intentDraft('r2'), { use: proof('after', new Date(NOW.getTime() + 1)) });
    } finally {
      await database.ownerSql.query('UPDATE state_epoch SET accepted_at = NULL');
    }
  });

  for (const [form, entries] of [
    ['not_written', 0],
    ['reply_lost', 1],
  ] as const)
    it(`fails whole or not at all (${form})`, async () => {
      faulty.failNext(form);
      expect(await rejection(log().append(intentDraft('r1'), { use: proof('one') }))).to.be.instanceOf(
        AuditUnavailable,
      );
      expect(await used()).to.equal(entries);
      expect(await storedTale(database.sql)).to.have.length(entries);
      const again = await log(1)
        .append(intentDraft('r2'), { use: proof('one') })
        .then(
          () => 'appended',
          (error: unknown) => (error as Error).name,
        );
      expect(again).to.equal(entries === 0 ? 'appended' : 'ProofUsedBefore');
    });
});
