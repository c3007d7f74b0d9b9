import { expect } from 'chai';
import { openOwnerSql } from '../../../gateway/state/migrate-state.js';
import { migrate, pendingMigrations, type Migration } from '../../../gateway/state/migrations.js';
import type { SqlPool } from '../../../gateway/state/pool.js';
import type { StateFailure } from '../../../gateway/state/state-failure.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

const migration = (name: string, text: string, sha256 = text): Migration => ({ name, text, sha256 });

const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'none',
    (error: unknown) => (error as StateFailure).code,
  );

describe('migrations', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(owners.splice(0).map((owner) => owner.close()));
    await database.close();
  });
  const owners: SqlPool[] = [];
  /** A runner's own connections. */
  const openedOwner = (): SqlPool => {
    const owner = openOwnerSql(database.settings.owner);
    owners.push(owner);
    return owner;
  };

  it('run once, in order, and the runtime role can see which', async () => {
    const all = [
      migration('a/001_one.sql', 'CREATE TABLE one (x int)'),
      migration('b/001_two.sql', 'CREATE TABLE two AS SELECT * FROM one'),
    ];
    expect(await pendingMigrations(database.sql, all)).to.deep.equal(['a/001_one.sql', 'b/001_two.sql']);
    expect(await migrate(database.ownerSql, all)).to.deep.equal(['a/001_one.sql', 'b/001_two.sql']);
    expect(await migrate(database.ownerSql, all)).to.deep.equal([]);
    expect(await pendingMigrations(database.sql, all)).to.deep.equal([]);
  });

  it('are refused when an applied file has changed', async () => {
    await migrate(database.ownerSql, [migration('a/001_one.sql', 'SELECT 1')]);
    expect(await codeOf(migrate(database.ownerSql, [migration('a/001_one.sql', 'SELECT 2')]))).to.equal(
      'MIGRATION_CHANGED',
    );
    expect(await codeOf(pendingMigrations(database.sql, [migration('a/001_one.sql', 'SELECT 2')]))).to.equal(
      'MIGRATION_CHANGED',
    );
  });

  it('leave nothing behind when one fails half way', async () => {
    const broken = migration('a/001_broken.sql', 'CREATE TABLE half (x int); SELECT nonsense');
    expect(await codeOf(migrate(database.ownerSql, [broken]))).to.equal('MIGRATION_FAILED');
    const { rows } = await database.ownerSql.query<{ there: boolean }>(
      `SELECT to_regclass('half') IS NOT NULL AS there`,
    );
    expect(rows[0]?.there).to.equal(false);
  });

  it('wait some seconds for a table that someone holds, and then say so', async function () {
    this.timeout(20_000);
    await database.ownerSql.query('CREATE TABLE held (x int)');
    const wait = [migration('a/001_wait.sql', 'ALTER TABLE held ADD COLUMN y int')];
    await database.ownerSql.transaction(async (tx) => {
      await tx.query('SELECT * FROM held');
      const failure = (await migrate(database.ownerSql, wait).catch((error: unknown) => error)) as StateFailure;
      expect([failure.code, failure.message]).to.deep.equal([
        'MIGRATION_FAILED',
        'migration a/001_wait.sql did not get a table that another session holds',
      ]);
    });
    expect(await migrate(database.ownerSql, wait)).to.deep.equal(['a/001_wait.sql']);
  });

  it('take as long as they need, although the owner’s sessions have a limit', async function () {
    this.timeout(30_000);
    const owner = openOwnerSql(database.settings.owner);
    const { rows } = await database.ownerSql.query<{ name: string }>('SELECT current_database() AS name');
    await database.ownerSql.query(`ALTER DATABASE ${rows[0]?.name} SET statement_timeout = '100ms'`);
    const slow = [
      migration('a/001_slow.sql', 'CREATE TABLE slow AS SELECT 1 AS x FROM pg_sleep(7)'),
      // An expression that takes its time for each row.
      migration('a/002_slow.concurrent.sql', 'CREATE INDEX CONCURRENTLY slow_x ON slow (slowly(x))'),
    ];
    await database.ownerSql.query(
      `CREATE FUNCTION slowly(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN $1; END'`,
    );
    expect(await migrate(owner, slow)).to.have.lengthOf(2);
    await owner.close();
  });

  it('grant to the group that the installation names, and keep the sum of the file', async () => {
    const group = 'the "other" group';
    await database.ownerSql.query('CREATE ROLE "the ""other"" group"');
    const all = [
      migration('a/001_granted.sql', 'CREATE TABLE granted (x int); GRANT SELECT ON granted TO tereze_runtime;'),
    ];
    await migrate(database.ownerSql, all, group);
    const { rows } = await database.ownerSql.query<{ grantee: string }>(
      `SELECT DISTINCT grantee FROM information_schema.role_table_grants WHERE table_name = 'granted' AND grantee <> 'tereze_owner'`,
    );
    expect(rows).to.deep.equal([{ grantee: group }]);
    expect(await pendingMigrations(database.ownerSql, all)).to.deep.equal([]);
    await database.ownerSql.query('DROP OWNED BY "the ""other"" group"; DROP ROLE "the ""other"" group"');
  });

  describe('that build an index', () => {
    const index = [migration('a/002_index.concurrent.sql', 'CREATE UNIQUE INDEX CONCURRENTLY thing_x ON thing (x)')];
    const indexes = async (): Promise<unknown> =>
      (
        await database.ownerSql.query(
          `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('thing_x')`,
        )
      ).rows;
    beforeEach(() => database.ownerSql.query('CREATE TABLE thing (x int)'));

    it('let others write meanwhile', async () => {
      let isDone = false;
      const migrated = database.ownerSql.transaction(async (tx) => {
        // The index waits for this transaction; a plain one would hold up every write behind it.
        await tx.query('INSERT INTO thing VALUES (1)');
        const building = migrate(openedOwner(), index).finally(() => (isDone = true));
        for (let x = 2; x < 50; x += 1) await database.ownerSql.query('INSERT INTO thing VALUES ($1)', [x]);
        expect(isDone).to.equal(false);
        return { building };
      });
      expect(await (await migrated).building).to.deep.equal(['a/002_index.concurrent.sql']);
      expect(await indexes()).to.deep.equal([{ valid: true }]);
    });

    it('are built again after a build that failed', async () => {
      await database.ownerSql.query('INSERT INTO thing VALUES (1), (1)');
      expect(await codeOf(migrate(database.ownerSql, index))).to.equal('MIGRATION_FAILED');
      expect(await indexes()).to.deep.equal([{ valid: false }]);
      await database.ownerSql.query('DELETE FROM thing');
      expect(await migrate(database.ownerSql, index)).to.deep.equal(['a/002_index.concurrent.sql']);
      expect(await indexes()).to.deep.equal([{ valid: true }]);
    });

    it('are recorded when only the record of a build was lost', async () => {
      await database.ownerSql.query('CREATE UNIQUE INDEX thing_x ON thing (x)');
      expect(await migrate(database.ownerSql, index)).to.deep.equal(['a/002_index.concurrent.sql']);
      expect(await migrate(database.ownerSql, index)).to.deep.equal([]);
    });

    it('run once although four runners start at once, and none waits for another for ever', async () => {
      const ran = await Promise.all(Array.from({ length: 4 }, () => migrate(openedOwner(), index)));
      expect(ran.flat()).to.deep.equal(['a/002_index.concurrent.sql']);
    });
  });

  it('run once although two runners start at once', async () => {
    const one = [migration('a/001_one.sql', 'CREATE TABLE one (x int)')];
    const ran = await Promise.all([migrate(database.ownerSql, one), migrate(database.ownerSql, one)]);
    expect(ran.flat()).to.deep.equal(['a/001_one.sql']);
  });
});
