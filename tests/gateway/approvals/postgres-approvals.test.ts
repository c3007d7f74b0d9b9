import { join } from 'node:path';
import { expect } from 'chai';
import { createPostgresApprovals } from '../../../gateway/approvals/postgres-approvals.js';
import { fingerprintOf, type DocumentReach } from '../../../gateway/approvals/reach.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { standingClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { openTestDatabase, type TestDatabase } from '../state/test-database.js';

const reach = (name: string, document: string): DocumentReach => ({
  name,
  document,
  owner: 'o',
  allowed: [],
  purposes: [],
  registers: ['r'],
  categories: [],
  subjects: [],
});

describe('approvals in PostgreSQL', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase({ migrations: [join(packageRoot(), 'gateway', 'approvals', 'migrations')] });
  });
  after(() => database.close());

  const approvals = () => createPostgresApprovals({ sql: database.sql, clock: standingClock() });

  it('keep what a document reached first, whichever replica comes first', async () => {
    await Promise.all([
      approvals().first(reach('A', '1')),
      approvals().first(reach('A', '1')),
      approvals().first(reach('A', '1')),
    ]);
    await approvals().first(reach('A', '2'));
    const { rows } = await database.ownerSql.query(`SELECT 1 FROM document_approval WHERE name = 'A'`, []);
    expect(rows).to.have.length(1);
    expect((await approvals().latest(['A', 'B'])).get('A')).to.deep.equal({
      fingerprint: fingerprintOf(reach('A', '1')),
      reach: reach('A', '1'),
      approvedBy: null,
    });
    expect((await approvals().latest(['B'])).size).to.equal(0);
  });

  it('give the latest, with the name of who approved it', async () => {
    await approvals().first(reach('C', '1'));
    await approvals().approve(reach('C', '2'), 'officer-1');
    await approvals().approve(reach('C', '1'), 'officer-2');
    expect((await approvals().latest(['C'])).get('C')).to.deep.include({
      fingerprint: fingerprintOf(reach('C', '1')),
      approvedBy: 'officer-2',
    });
  });

  it('can be changed or forgotten by no one who serves', async () => {
    for (const statement of [
      `UPDATE document_approval SET approved_by = 'x'`,
      'DELETE FROM document_approval',
      'TRUNCATE document_approval',
    ]) {
      expect(String(await rejection(database.sql.query(statement, []))), statement).to.not.equal('undefined');
    }
  });
});
