import { expect } from 'chai';
import { migrate, readMigrations, type Migration } from '../../../../gateway/state/migrations.js';
import { monthAfter, monthOf, startOf } from '../../../../monitoring/audit/partitions/months.js';
import { PartitionWatch } from '../../../../monitoring/audit/partitions/partition-watch.js';
import { readPartitions } from '../../../../monitoring/audit/partitions/stored-partitions.js';
import { verifyLogs } from '../../../../monitoring/audit/verify/verify-logs.js';
import type { Observer } from '../../../../schemas/ports/observer.js';
import { listeningObserver, standingClock } from '../../../doubles.js';
import { openTestDatabase, type TestDatabase } from '../../../gateway/state/test-database.js';
import { completionDraft, intentDraft } from '../drafts.js';
import { insertEarlier } from '../earlier-entry.js';
import { MIGRATIONS, openLog } from '../harness.js';

const ALL = readMigrations([MIGRATIONS]);
const STEPS = ALL.filter(({ name }) => /(_with_time|_retention)\.concurrent\.sql$|_partitions\w*\.sql$/.test(name));
/** All others: an append needs what later ones add. */
const BEFORE = ALL.filter((migration) => !STEPS.includes(migration));

/** A version 3 entry, as a gateway of an earlier release writes it. */
const EARLIER = Buffer.from(
  JSON.stringify({
    schemaVersion: 3,
    kind: 'act',
    requestId: 'old',
    at: '2026-11-20T10:00:00.000Z',
    subjects: ['x', 'y'],
  }),
);

describe('the migrations that make partitions', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
    await migrate(database.ownerSql, BEFORE);
  });
  afterEach(() => database.close());

  const faults = async (): Promise<readonly unknown[]> =>
    (
      await verifyLogs(database.sql, {
        verifiedBefore: async () => undefined,
        knownRoots: async () => [],
        onVerified: async () => undefined,
      })
    ).flatMap(({ fault }) => fault ?? []);
  const placesOf = async (table: string): Promise<readonly string[]> =>
    (
      await database.ownerSql.query<{ place: string }>(
        `SELECT DISTINCT tableoid::regclass::text AS place FROM ${table}`,
      )
    ).rows.map(({ place }) => place);

  it('let a gateway append before, between and after their steps, and change no row', async () => {
    const log = await openLog(database.sql);
    const append = async (name: string): Promise<void> => {
      await log.append(intentDraft(name, { subjects: ['a', 'b'] }));
      await log.append(completionDraft(name));
    };
    await append('first');
    const rows = async (): Promise<readonly unknown[]> =>
      (
        await database.ownerSql.query(
          `SELECT * FROM audit_entry e LEFT JOIN audit_subject s USING (log_id, index, at) WHERE request_id = 'first' ORDER BY index, position`,
        )
      ).rows;
    const before = await rows();
    for (const step of STEPS) {
      expect(await migrate(database.ownerSql, [...BEFORE, step]), step.name).to.deep.equal([step.name]);
      await append(step.name);
      expect(await faults(), step.name).to.deep.equal([]);
    }
    await log.close();
    expect(await rows()).to.deep.equal(before);
    expect(await placesOf('audit_entry')).to.deep.equal(['audit_entry_before']);
    expect(await placesOf('audit_subject')).to.deep.equal(['audit_subject_before']);
  });

  it('show for how many months appends have room while they are not finished', async () => {
    const gauges: number[] = [];
    const observer = listeningObserver();
    const watch = (now: string): Promise<void> =>
      new PartitionWatch({
        sql: database.sql,
        clock: standingClock(now),
        observer: { ...observer, gauge: (_, value) => gauges.push(value) } as Observer,
      }).look();
    const begun = STEPS.findIndex(({ name }) => name.includes('partitions_prepared')) + 1;
    await migrate(database.ownerSql, [...BEFORE, ...STEPS.slice(0, begun)]);
    const { rows } = await database.ownerSql.query<{ until: string }>(
      `SELECT obj_description(oid, 'pg_constraint') AS until FROM pg_constraint WHERE conname = 'audit_entry_until' AND conrelid = 'audit_entry'::regclass`,
    );
    const until = new Date(rows[0]?.until.replace(' ', 'T').replace('+00', 'Z') ?? '');
    const months = (count: number): string => startOf(monthAfter(monthOf(until), count));
    for (const count of [-3, -2, -1, 0]) await watch(months(count));
    expect(gauges).to.deep.equal([3, 2, 1, 0]);
    expect(observer.lines.map(({ fields }) => fields)).to.deep.equal([{ months: 2 }, { months: 1 }, { months: 0 }]);
    const log = await openLog(database.sql);
    await log.append(intentDraft('in time', { at: new Date(until.getTime() - 1).toISOString() }));
    const late = await log.append(intentDraft('late', { at: until.toISOString() })).catch((error: Error) => error.name);
    expect(late).to.equal('AuditUnavailable');
    await log.close();
    await migrate(database.ownerSql, ALL);
    const after = await openLog(database.sql);
    await after.append(intentDraft('later', { at: until.toISOString() }));
    await after.close();
  });

  it('let a gateway append while they run', async () => {
    const log = await openLog(database.sql);
    let isOver = false;
    const migrating = migrate(database.ownerSql, ALL).finally(() => (isOver = true));
    let appended = 0;
    for (; !isOver; appended += 1) await log.append(intentDraft(`r${appended}`, { subjects: ['a'] }));
    await migrating;
    await log.close();
    const { rows } = await database.sql.query(
      'SELECT count(*)::int AS rows, max(index)::int + 1 AS size FROM audit_entry',
    );
    expect(rows).to.deep.equal([{ rows: appended, size: appended }]);
    expect(await faults()).to.deep.equal([]);
  });

  it('take rows that a gateway of an earlier release writes, before, between and after them', async () => {
    await insertEarlier(database, EARLIER);
    for (const step of STEPS) {
      await migrate(database.ownerSql, [...BEFORE, step]);
      await insertEarlier(database, EARLIER);
    }
    const { rows } = await database.sql.query(
      `SELECT count(*)::int AS rows, count(index_token)::int AS tokens FROM audit_subject s JOIN audit_entry e USING (log_id, index, at)`,
    );
    expect(rows).to.deep.equal([{ rows: 14, tokens: 14 }]);
  });

  it('end with the same keys, indexes and rights in every partition', async () => {
    await migrate(database.ownerSql, ALL);
    const { rows } = await database.ownerSql.query<{ name: string; indexes: number; runtime: boolean }>(
      `SELECT c.relname AS name, (SELECT count(*)::int FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid) AS indexes,
         has_table_privilege('tereze_runtime', c.oid, 'SELECT, INSERT, UPDATE, DELETE') AS runtime
       FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid WHERE c.relkind = 'r' ORDER BY c.relname`,
    );
    expect(rows).to.deep.equal([
      { name: 'audit_entry_before', indexes: 8, runtime: false },
      { name: 'audit_entry_default', indexes: 8, runtime: false },
      { name: 'audit_subject_before', indexes: 2, runtime: false },
      { name: 'audit_subject_default', indexes: 2, runtime: false },
    ]);
    const { rows: left } = await database.ownerSql.query(
      `SELECT conname FROM pg_constraint WHERE conname ~ '^audit_(entry|subject)_(until|at)$'`,
    );
    expect(left).to.deep.equal([]);
  });

  it('that ended half way a long time ago still complete, and the first partition then goes on from now', async () => {
    await insertEarlier(database, EARLIER);
    await migrate(database.ownerSql, [...BEFORE, ...STEPS.slice(0, -1)]);
    await database.ownerSql.query(`COMMENT ON CONSTRAINT audit_entry_until ON audit_entry IS '2026-11-23 00:00:00+00'`);
    await migrate(database.ownerSql, ALL);
    const { rows } = await database.ownerSql.query<{ next: string }>(
      `SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYY-MM-DD') AS next`,
    );
    expect(await readPartitions(database.sql)).to.deep.equal([
      { name: 'before', from: undefined, to: `${rows[0]?.next}T00:00:00.000Z` },
    ]);
  });

  it('complete although someone changed the time of a row: verification names it', async () => {
    const log = await openLog(database.sql);
    await log.append(intentDraft('r', { subjects: ['a'] }));
    await log.close();
    await database.ownerSql.query(`UPDATE audit_subject SET at = at - interval '1 day'`);
    await migrate(database.ownerSql, ALL);
    expect((await faults()).map((fault) => (fault as { kind: string }).kind)).to.deep.equal(['subject_at']);
  });

  it('wait for a session that holds the log, and let appends pass meanwhile', async () => {
    const log = await openLog(database.sql);
    const prepare = STEPS.find(({ name }) => name.includes('/021_')) as Migration;
    await migrate(database.ownerSql, [...BEFORE, ...STEPS.slice(0, 3)]);
    let isOver = false;
    let migrating: Promise<unknown> | undefined;
    await database.sql.transaction(async (tx) => {
      await tx.query('SELECT count(*) FROM audit_subject');
      migrating = migrate(database.ownerSql, [...BEFORE, ...STEPS.slice(0, 3), prepare]).finally(() => (isOver = true));
      for (let nth = 0; nth < 5; nth += 1) await log.append(intentDraft(`r${nth}`));
      expect(isOver).to.equal(false);
    });
    await migrating;
    await log.close();
    expect(isOver).to.equal(true);
  });
});
