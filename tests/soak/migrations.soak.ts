import { expect } from 'chai';
import { migrationFolders } from '../../gateway/compose/migration-folders.js';
import { openOwnerSql } from '../../gateway/state/migrate-state.js';
import { migrate, readMigrations, type Migration } from '../../gateway/state/migrations.js';
import type { SqlPool } from '../../gateway/state/pool.js';
import { openTestDatabase, type TestDatabase } from '../gateway/state/test-database.js';
import { sizeOf, tell } from './figures.js';

const ENTRIES = sizeOf('SOAK_ENTRIES', 1_000_000);

/** An entry of about the size of a real one, whose hash the database checks for itself. */
const FILL = `
  WITH made AS (SELECT n, convert_to('{"n":' || n || ',"padding":"' || repeat('x', 900) || '"}', 'UTF8') AS entry FROM generate_series($1::int, $2::int) AS n)
  INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, agency, entry, leaf_hash)
  SELECT 'tereze/0', n, 'r' || n / 2, 'intent', now(), 1, 'a', entry, sha256('\\x00'::bytea || entry) FROM made`;
const STEP = 50_000;

const INDEX: Migration = {
  name: 'monitoring/999_soak.concurrent.sql',
  text: 'CREATE INDEX CONCURRENTLY soak_agency ON audit_entry_before (agency, kind, at)',
  sha256: 'soak',
};

describe(`migrations of an audit log of ${ENTRIES} entries`, function () {
  this.timeout(3_600_000);
  let database: TestDatabase;
  let owner: SqlPool;
  const [first, ...rest] = readMigrations(migrationFolders()) as [Migration, ...Migration[]];

  before(async () => {
    database = await openTestDatabase();
    owner = openOwnerSql(database.settings.owner);
    await migrate(owner, [first]);
    await owner.query(`INSERT INTO audit_head (log_id, size) VALUES ('tereze/0', $1)`, [ENTRIES]);
    for (let from = 0; from < ENTRIES; from += STEP)
      await owner.query(FILL, [from, Math.min(from + STEP, ENTRIES) - 1]);
  });
  after(async () => {
    await owner.close();
    await database.close();
  });

  it('run to their end', async () => {
    const startedAt = performance.now();
    expect(await migrate(owner, rest)).to.have.lengthOf(rest.length);
    tell({ 'seconds of all migrations but the first': ((performance.now() - startedAt) / 1000).toFixed(1) });
  });

  it('build an index while entries are appended', async () => {
    let isDone = false;
    const startedAt = performance.now();
    const building = migrate(owner, [INDEX]).finally(() => (isDone = true));
    let appended = 0;
    let slowest = 0;
    while (!isDone) {
      const begun = performance.now();
      await database.ownerSql.query(FILL, [ENTRIES + appended, ENTRIES + appended]);
      slowest = Math.max(slowest, performance.now() - begun);
      appended += 1;
    }
    expect(await building).to.deep.equal([INDEX.name]);
    tell({
      'seconds of the index': ((performance.now() - startedAt) / 1000).toFixed(1),
      'entries appended meanwhile': appended,
      'slowest append, ms': slowest.toFixed(0),
    });
    expect(appended).to.be.greaterThan(0);
  });
});
