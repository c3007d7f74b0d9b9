import { expect } from 'chai';
import { migrate, pendingMigrations, type Migration } from '../../../gateway/state/migrations.js';
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
  afterEach(() => database.close());

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

  it('run once although two runners start at once', async () => {
    const one = [migration('a/001_one.sql', 'CREATE TABLE one (x int)')];
    const ran = await Promise.all([migrate(database.ownerSql, one), migrate(database.ownerSql, one)]);
    expect(ran.flat()).to.deep.equal(['a/001_one.sql']);
  });
});
