import { expect } from 'chai';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, readMigrations } from '../../../gateway/state/migrations.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { canonicalBytes } from '../../../monitoring/audit/canonical.js';
import type { StoredBody } from '../../../monitoring/audit/entries.js';
import { createAuditReader } from '../../../monitoring/audit/reader.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';
import { intentDraft, tokenOf } from './drafts.js';
import { insertEarlier } from './earlier-entry.js';
import { MIGRATIONS } from './harness.js';

const body = intentDraft('r1').body as unknown as StoredBody;
const earlier = canonicalBytes({ ...body, schemaVersion: 3, configuration: undefined, subjects: ['c0', 'c1'] });

/** The rows beside an entry, in a database whose entries were written with tokens of 64 hex digits. */
describe('rows of people that earlier gateways wrote', () => {
  let folder: string;
  let database: TestDatabase;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-migrations-'));
    const before = join(folder, 'monitoring', 'migrations');
    mkdirSync(before, { recursive: true });
    for (const file of readdirSync(join(packageRoot(), MIGRATIONS)).filter((name) => name < '007'))
      cpSync(join(packageRoot(), MIGRATIONS, file), join(before, file));
    database = await openTestDatabase({ migrations: [before] });
  });
  after(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  const foundBy = async (person: string): Promise<readonly number[]> =>
    (await createAuditReader(database.sql).list({ subjectTokens: [tokenOf(person)], limit: 10 })).map(
      ({ index }) => index,
    );

  it('are found after the migration, and differ in nothing', async () => {
    const { index } = await insertEarlier(database, earlier);
    await migrate(database.ownerSql, readMigrations([join(packageRoot(), MIGRATIONS)]));
    expect(await foundBy('b')).to.deep.equal([index]);
    const [entry] = await createAuditReader(database.sql).request('r1');
    expect(entry?.differences).to.deep.equal([]);
  });

  it('are found when such a gateway writes them after the migration', async () => {
    const { log, index } = await insertEarlier(database, earlier);
    expect(await foundBy('b')).to.include(index);
    expect((await createAuditReader(database.sql).show(log, index))?.differences).to.deep.equal([]);
  });
});
