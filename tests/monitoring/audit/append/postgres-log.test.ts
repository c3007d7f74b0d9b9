import { expect } from 'chai';
import { AuditUnavailable, ClaimsStale, type ClaimGuard, type HeldClaims } from '../../../../monitoring/audit/port.js';
import type { PostgresLog } from '../../../../monitoring/audit/append/postgres-log.js';
import type { Sql } from '../../../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../../../schemas/vocabulary.js';
import { describeAuditLog, type AuditLogUnderTest } from '../../../ports/audit-log.js';
import { rejection } from '../../../rejection.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { completionDraft, intentDraft } from '../drafts.js';
import { FaultySql } from './faulty-sql.js';
import { emptyLog, openDatabase, openLog, storedRows, storedTale } from '../harness.js';

describe('PostgresLog', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
    await database.ownerSql.query(
      'CREATE TABLE consent (id text PRIMARY KEY, revision int NOT NULL, given boolean NOT NULL)',
    );
    await database.ownerSql.query('CREATE TABLE changed (number int GENERATED ALWAYS AS IDENTITY, name text NOT NULL)');
    await database.ownerSql.query('GRANT SELECT, UPDATE ON consent TO tereze_runtime');
    await database.ownerSql.query('GRANT SELECT, INSERT ON changed TO tereze_runtime');
  });
  after(() => database.close());
  beforeEach(async () => {
    await emptyLog(database);
    await database.ownerSql.query('TRUNCATE consent, changed');
    await database.ownerSql.query(`INSERT INTO consent VALUES ('c1', 1, true)`);
  });

  /** The guard's contract over a table of this test: current claims stay locked until the transaction ends. */
  const guard: ClaimGuard = async (tx, claims) => {
    const { rows } = await tx.query<{ id: string; revision: number }>(
      'SELECT id, revision FROM consent WHERE id = ANY ($1) AND given ORDER BY id FOR SHARE',
      [claims.map(({ consentId }) => consentId)],
    );
    return claims.filter(
      ({ consentId, revision }) => !rows.some((row) => row.id === consentId && row.revision === revision),
    );
  };
  const claim: ConsentClaim = { consentId: 'c1', revision: 1 };

  const held: HeldClaims = {
    parameters: 1,
    text: (first) =>
      `SELECT id AS consent_id, revision FROM consent WHERE id = ANY ($${first}) AND given ORDER BY id FOR SHARE`,
    values: (ids) => [ids],
  };
  /** How claims are checked: in the statement of the append, or in a transaction around it. */
  const WAYS = [
    ['in one statement', { guard, held }],
    ['in a transaction', { guard }],
  ] as const;

  it('says with each append when no one outside proves the log, and only then', async () => {
    for (const anchor of ['none', undefined] as const) {
      const log = await openLog(database.sql, 'replica-1', { anchor });
      const appended = await log.append(intentDraft(`r-${anchor}`));
      expect(appended.anchor).to.equal(anchor);
      expect('anchor' in appended).to.equal(anchor !== undefined);
      await log.close();
    }
  });

  for (const [how, way] of WAYS) describeAuditLog(`PostgresLog that checks claims ${how}`, () => underTest(way));

  const underTest = async (way: {
    readonly guard: ClaimGuard;
    readonly held?: HeldClaims;
  }): Promise<AuditLogUnderTest> => {
    const faulty = new FaultySql(database.sql);
    const log = await openLog(faulty, 'replica-1', way);
    return {
      log,
      stored: async () =>
        (await storedRows(database.sql)).map(({ index, entry, leaf_hash }) => ({
          index: Number(index),
          bytes: entry,
          leafHash: leaf_hash.toString('hex'),
        })),
      change: async (tx, name) => {
        await tx.query('INSERT INTO changed (name) VALUES ($1)', [name]);
        return name;
      },
      changes: async () =>
        (await database.sql.query<{ name: string }>('SELECT name FROM changed ORDER BY number')).rows.map(
          ({ name }) => name,
        ),
      withdraw: async ({ consentId }) =>
        void (await database.sql.query('UPDATE consent SET given = false, revision = revision + 1 WHERE id = $1', [
          consentId,
        ])),
      failNextWrite: (form) => faulty.failNext(form),
      close: () => log.close(),
    };
  };

  it('says with each append when no standby has it, and only then', async () => {
    for (const [durability, said] of [
      ['single_node', { durability: 'single_node' }],
      ['replicated', {}],
    ] as const) {
      const log = await openLog(database.sql, 'replica-1', { durability });
      const { log: name, index, leafHash, ...rest } = await log.append(intentDraft(`r-${durability}`));
      expect([name, index >= 0, leafHash.length, rest]).to.deep.equal(['tereze/0', true, 64, said]);
      const change = { requestId: 'c', apply: async () => 'done', entry: () => completionDraft('c') };
      expect(await log.appendChange(change)).to.include({ result: 'done', ...said });
      await log.close();
    }
  });

  for (const [how, way] of WAYS)
    describe(`with claims that are checked ${how}`, () => {
      let log: PostgresLog;
      const faulty = (): FaultySql => new FaultySql(database.sql);
      afterEach(() => log.close());

      it('waits for a withdrawal that came first, and then rejects', async () => {
        log = await openLog(database.sql, 'replica-1', way);
        let release = (): void => undefined;
        const withdrawal = new Promise<void>((started) => {
          void database.sql.transaction(async (tx) => {
            await tx.query(`UPDATE consent SET given = false WHERE id = 'c1'`);
            started();
            await new Promise<void>((resolve) => (release = resolve));
          });
        });
        await withdrawal;
        const appending = log.append(completionDraft('r1'), { claims: [claim] });
        expect(await Promise.race([appending, pause(50)])).to.equal('waited');
        release();
        expect(await rejection(appending)).to.be.instanceOf(ClaimsStale);
        expect(await storedTale(database.sql)).to.deep.equal([]);
      });

      for (const [form, kept] of [
        ['not_written', []],
        ['reply_lost', ['completion r1 answered']],
      ] as const) {
        it(`rejects the whole batch when its transaction fails (${form})`, async () => {
          const sql = faulty();
          log = await openLog(sql, 'replica-1', way);
          sql.failNext(form);
          expect(await rejection(log.append(completionDraft('r1'), { claims: [claim] }))).to.be.instanceOf(
            AuditUnavailable,
          );
          expect(await storedTale(database.sql)).to.deep.equal(kept);
          expect((await log.append(intentDraft('r2'))).index).to.equal(kept.length);
        });
      }

      it('makes a withdrawal wait until the entry is committed', async () => {
        log = await openLog(database.sql, 'replica-1', way);
        const done: string[] = [];
        let both: Promise<unknown> | undefined;
        const sql: Sql = {
          query: (text, values) => database.sql.query(text, values),
          transaction: (work) => database.sql.transaction(work),
        };
        // The head is held by another transaction, so the append holds its consents and waits.
        await database.ownerSql.transaction(async (tx) => {
          await tx.query(`SELECT FROM audit_head WHERE log_id = 'tereze/0' FOR UPDATE`);
          const appending = log
            .append(completionDraft('r1'), { claims: [claim] })
            .then(() => void done.push('appended'));
          await untilWaiting(database, 1);
          const withdrawal = sql
            .query(`UPDATE consent SET given = false, revision = 2 WHERE id = 'c1'`)
            .then(() => void done.push('withdrawn'));
          // The withdrawal touches nothing but the consent, so it waits for the append.
          await untilWaiting(database, 2);
          expect(done).to.deep.equal([]);
          both = Promise.all([appending, withdrawal]);
        });
        await both;
        expect(done).to.have.members(['appended', 'withdrawn']);
        expect(await rejection(log.append(completionDraft('r2'), { claims: [claim] }))).to.be.instanceOf(ClaimsStale);
      });
    });

  describe('with claims', () => {
    let log: PostgresLog;
    afterEach(() => log.close());

    it('opens no transaction while every claim is current, also for those that come together', async () => {
      let transactions = 0;
      const sql: Sql = {
        query: (text, values) => database.sql.query(text, values),
        transaction: (work) => ((transactions += 1), database.sql.transaction(work)),
      };
      log = await openLog(sql, 'replica-1', { guard, held });
      const append = (request: string, claims: readonly ConsentClaim[]): Promise<unknown> =>
        log.append(completionDraft(request), { claims });
      await Promise.all([append('r1', [claim]), append('r2', [claim]), append('r3', []), append('r4', [claim, claim])]);
      expect(transactions).to.equal(0);
      await rejection(append('r5', [claim, { consentId: 'c2', revision: 1 }]));
      expect(transactions, 'the slow way says which claim is stale').to.equal(1);
      expect(await storedRows(database.sql)).to.have.length(4);
    });

    it('asks the guard once for all claims of a batch, each once', async () => {
      const asked: (readonly ConsentClaim[])[] = [];
      log = await openLog(database.sql, 'replica-1', { guard: async (_tx, claims) => (asked.push(claims), []) });
      const other = { consentId: 'c2', revision: 7 };
      await Promise.all([
        log.append(completionDraft('r1'), { claims: [claim, other] }),
        log.append(completionDraft('r2'), { claims: [claim] }),
        log.append(intentDraft('r3')),
      ]);
      expect(asked).to.deep.equal([[claim, other]]);
    });

    it('keeps a request live after stale claims: upkeep does not close it as unknown', async () => {
      log = await openLog(database.sql, 'replica-1', { guard, leaseMs: 300 });
      await log.append(intentDraft('r1'));
      await database.sql.query('UPDATE consent SET given = false');
      expect(await rejection(log.append(completionDraft('r1'), { claims: [claim] }))).to.be.instanceOf(ClaimsStale);
      await upkeepRan(database.sql);
      await log.append(completionDraft('r1', { outcome: 'failed' }));
      expect(await storedTale(database.sql)).to.deep.equal(['intent r1', 'completion r1 failed']);
    });

    it('keeps a request live after a change that was refused, and ends it with one that was made', async () => {
      log = await openLog(database.sql, 'replica-1', { guard, leaseMs: 300 });
      await Promise.all([log.append(intentDraft('r1')), log.append(intentDraft('r2'))]);
      const refused = log.appendChange({
        requestId: 'r1',
        apply: () => Promise.reject(new Error('no')),
        entry: () => completionDraft('r1'),
      });
      await rejection(refused);
      await log.appendChange({ requestId: 'r2', apply: async () => 1, entry: () => completionDraft('r2') });
      await upkeepRan(database.sql);
      expect(await storedTale(database.sql)).to.deep.equal(['intent r1', 'intent r2', 'completion r2 answered']);
      await log.append(completionDraft('r1', { outcome: 'failed' }));
    });

    it('rejects when the guard fails', async () => {
      log = await openLog(database.sql, 'replica-1', { guard: () => Promise.reject(new Error('no consents')) });
      expect(await rejection(log.append(completionDraft('r1'), { claims: [claim] }))).to.be.instanceOf(
        AuditUnavailable,
      );
      expect(await storedTale(database.sql)).to.deep.equal([]);
    });
  });

  describe('bounded', () => {
    it('refuses what does not fit into the queue, and writes the rest', async () => {
      const sql = new FaultySql(database.sql);
      const log = await openLog(sql, 'replica-1', { maxWaiting: 2 });
      const waits = sql.hold();
      const first = log.append(intentDraft('r1'));
      await waits;
      const [second, third, fourth] = [
        log.append(intentDraft('r2')),
        log.append(intentDraft('r3')),
        rejection(log.append(intentDraft('r4'))),
      ];
      expect(await fourth).to.be.instanceOf(AuditUnavailable);
      sql.letGo();
      expect((await Promise.all([first, second, third])).map(({ index }) => index)).to.deep.equal([0, 1, 2]);
      await log.close();
    });

    it('rejects after the limit; what was not sent by then is never written', async () => {
      const sql = new FaultySql(database.sql);
      const log = await openLog(sql, 'replica-1', { commitMs: 2_000, maxBatch: 1 });
      const waits = sql.hold();
      const inFlight = rejection(log.append(intentDraft('r1')));
      await waits;
      const waiting = rejection(log.append(intentDraft('r2')));
      expect(await inFlight).to.be.instanceOf(AuditUnavailable);
      expect(await waiting).to.be.instanceOf(AuditUnavailable);
      sql.letGo();
      await log.append(intentDraft('r3'));
      expect(await storedTale(database.sql)).to.deep.equal(['intent r1', 'intent r3']);
      await log.close();
    });
  });

  describe('leases', () => {
    it('gives two replicas two logs', async () => {
      const [one, two] = await Promise.all([
        openLog(database.sql, 'replica-1', { poolSize: 2 }),
        openLog(database.sql, 'replica-2', { poolSize: 2 }),
      ]);
      const logs = await Promise.all([one.append(intentDraft('r1')), two.append(intentDraft('r2'))]);
      expect(logs.map(({ log }) => log).sort()).to.deep.equal(['tereze/0', 'tereze/1']);
      await Promise.all([one.close(), two.close()]);
    });

    it('gives each of many replicas that start at once a log of its own', async () => {
      const replicas = await Promise.all(
        Array.from({ length: 8 }, (_, number) => openLog(database.sql, `replica-${number}`, { poolSize: 8 })),
      );
      const logs = await Promise.all(replicas.map((replica, number) => replica.append(intentDraft(`r${number}`))));
      expect(new Set(logs.map(({ log }) => log)).size).to.equal(8);
      await Promise.all(replicas.map((replica) => replica.close()));
    });

    it('does not open when every log is held', async () => {
      const one = await openLog(database.sql, 'replica-1');
      expect(await rejection(openLog(database.sql, 'replica-2'))).to.be.instanceOf(AuditUnavailable);
      await one.close();
    });

    it('is fenced by the process that claims its log after the lease, until that one gives it back', async () => {
      const one = await openLog(database.sql, 'replica-1');
      await one.append(intentDraft('r1'));
      await expireLeases();
      const two = await openLog(database.sql, 'replica-2');
      expect(await rejection(one.append(intentDraft('r2')))).to.be.instanceOf(AuditUnavailable);
      expect(await rejection(one.append(intentDraft('r3')))).to.be.instanceOf(AuditUnavailable);
      expect([one.lastSeen().ok, (await one.probe()).ok]).to.deep.equal([false, false]);
      await two.append(intentDraft('r4'));
      await two.close();
      expect((await one.probe()).ok).to.equal(true);
      await one.append(intentDraft('r5'));
      expect(await storedTale(database.sql)).to.deep.equal([
        'intent r1',
        'completion r1 unknown',
        'intent r4',
        'intent r5',
      ]);
      await one.close();
    });

    it('keeps its lease while it lives, without an append', async () => {
      const one = await openLog(database.sql, 'replica-1', { leaseMs: 3_000 });
      await upkeepRan(database.sql);
      expect(await rejection(openLog(database.sql, 'replica-2'))).to.be.instanceOf(AuditUnavailable);
      await one.close();
    });

    async function expireLeases(): Promise<void> {
      await database.ownerSql.query(
        `UPDATE audit_head SET lease_expires_at = clock_timestamp() - interval '1 second' WHERE holder IS NOT NULL`,
      );
    }
  });

  it('recovers by itself when the database comes back', async () => {
    const sql = new FaultySql(database.sql);
    const log = await openLog(sql);
    sql.down();
    expect(await rejection(log.append(intentDraft('r1')))).to.be.instanceOf(AuditUnavailable);
    expect((await log.probe()).ok).to.equal(false);
    sql.up();
    expect((await log.probe()).ok).to.equal(true);
    expect((await log.append(intentDraft('r2'))).index).to.equal(0);
    await log.close();
  });

  it('does not take a renewed lease for a log that takes entries', async () => {
    const log = await openLog(database.sql, 'replica-1', { leaseMs: 300 });
    expect(log.lastSeen().ok).to.equal(true);
    await database.ownerSql.query('ALTER TABLE audit_entry ADD CONSTRAINT is_full CHECK (false) NOT VALID');
    try {
      expect(await rejection(log.append(intentDraft('r1')))).to.be.instanceOf(AuditUnavailable);
      expect((await log.probe()).ok).to.equal(false);
      await new Promise((resolve) => setTimeout(resolve, 250));
      expect(log.lastSeen().ok).to.equal(false);
    } finally {
      await database.ownerSql.query('ALTER TABLE audit_entry DROP CONSTRAINT is_full');
    }
    expect((await log.probe()).ok).to.equal(true);
    await log.close();
  });

  it('leaves no entry behind when it tries whether it could write one', async () => {
    const log = await openLog(database.sql);
    for (let time = 0; time < 3; time += 1) expect((await log.probe()).ok).to.equal(true);
    expect(await storedRows(database.sql)).to.deep.equal([]);
    expect((await log.append(intentDraft('r1'))).index).to.equal(0);
    await log.close();
  });

  it('survives that the server ends its connections under load: what was promised is there, densely', async () => {
    const log = await openLog(database.sql, 'replica-1', { maxBatch: 5 });
    const appends = Array.from({ length: 200 }, (_, number) => log.append(intentDraft(`r${number}`)));
    await appends[0];
    await database.ownerSql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'tereze_runtime'`,
    );
    const settled = await Promise.allSettled(appends);
    const last = await log.append(intentDraft('after'));
    const rows = await storedRows(database.sql);
    expect(rows.map(({ index }) => Number(index))).to.deep.equal(rows.map((_, index) => index));
    expect(last.index).to.equal(rows.length - 1);
    for (const [number, one] of settled.entries())
      if (one.status === 'fulfilled') expect(rows[one.value.index]?.request_id).to.equal(`r${number}`);
    await log.close();
  });

  it('does not open while the database is down', async () => {
    const sql = new FaultySql(database.sql);
    sql.down();
    expect(await rejection(openLog(sql))).to.be.instanceOf(AuditUnavailable);
  });
});

/** Resolves once the lease was renewed twice: all of the upkeep between the renewals has run. */
async function upkeepRan(sql: Sql): Promise<void> {
  const ends = async (): Promise<string | undefined> =>
    (await sql.query<{ at: string }>('SELECT lease_expires_at AS at FROM audit_head WHERE holder IS NOT NULL')).rows[0]
      ?.at;
  for (let renewals = 0; renewals < 2; renewals += 1) {
    const before = await ends();
    while ((await ends()) === before) await pause(5);
  }
}

/** Resolves once this many sessions wait for locks. */
async function untilWaiting({ ownerSql }: TestDatabase, sessions: number): Promise<void> {
  for (;;) {
    const { rows } = await ownerSql.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length >= sessions) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function pause(ms: number): Promise<'waited'> {
  return new Promise((resolve) => setTimeout(() => resolve('waited'), ms));
}
