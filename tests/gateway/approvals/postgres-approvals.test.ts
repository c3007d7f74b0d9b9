import { join } from 'node:path';
import { expect } from 'chai';
import { createPostgresApprovals } from '../../../gateway/approvals/postgres-approvals.js';
import { LoadedBefore } from '../../../gateway/approvals/port.js';
import { createRestrictionCounter, readRestrictions } from '../../../gateway/state/restrictions.js';
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
    database = await openTestDatabase({
      migrations: ['approvals', 'state'].map((room) => join(packageRoot(), 'gateway', room, 'migrations')),
    });
  });
  after(() => database.close());

  const approvals = () =>
    createPostgresApprovals({
      sql: database.sql,
      clock: standingClock(),
      restrictions: createRestrictionCounter(standingClock()),
    });
  const first = (one: DocumentReach): Promise<void> => database.sql.transaction((tx) => approvals().first(tx, one));
  const approve = (one: DocumentReach, officer: string): Promise<number | undefined> =>
    database.sql.transaction((tx) => approvals().approve(tx, one, officer));
  const restrictions = () => readRestrictions(database.sql, 0);

  it('keep what a document reached first, whichever replica comes first', async () => {
    const firsts = await Promise.allSettled([first(reach('A', '1')), first(reach('A', '1')), first(reach('A', '1'))]);
    expect(firsts.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await rejection(first(reach('A', '2')))).to.be.instanceOf(LoadedBefore);
    const { rows } = await database.ownerSql.query(`SELECT 1 FROM document_approval WHERE name = 'A'`, []);
    expect(rows).to.have.length(1);
    expect((await approvals().latest(['A', 'B'])).get('A')).to.deep.equal({
      fingerprint: fingerprintOf(reach('A', '1')),
      reach: reach('A', '1'),
      approvedBy: null,
      isWithdrawn: false,
    });
    expect((await approvals().latest(['B'])).size).to.equal(0);
  });

  it('give the latest, with the name of who approved it', async () => {
    await first(reach('C', '1'));
    await approve(reach('C', '2'), 'officer-1');
    await approve(reach('C', '1'), 'officer-2');
    expect((await approvals().latest(['C'])).get('C')).to.deep.include({
      fingerprint: fingerprintOf(reach('C', '1')),
      approvedBy: 'officer-2',
    });
  });

  it('note that what was approved before no longer is, by the name of the document', async () => {
    await first(reach('D', '1'));
    const before = (await restrictions()).length;
    expect(await approve(reach('D', '1'), 'officer-1')).to.equal(undefined);
    const replaced = await approve(reach('D', '2'), 'officer-1');
    const withdrawn = await database.sql.transaction((tx) => approvals().withdraw(tx, reach('D', '2'), 'officer-2'));
    expect((await approvals().latest(['D'])).get('D')).to.deep.include({ isWithdrawn: true, approvedBy: 'officer-2' });
    expect(await approve(reach('D', '2'), 'officer-3')).to.equal(undefined);
    expect((await approvals().latest(['D'])).get('D')).to.deep.include({ isWithdrawn: false });
    expect((await restrictions()).slice(before).map(({ number, kind, id }) => ({ number, kind, id }))).to.deep.equal([
      { number: replaced, kind: 'approval_withdrawn', id: 'D' },
      { number: withdrawn, kind: 'approval_withdrawn', id: 'D' },
    ]);
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
