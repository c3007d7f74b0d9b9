import { expect } from 'chai';
import { claimLog, releaseLease, renewLease, type LeaseOptions } from '../../../../monitoring/audit/append/lease.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { emptyLog, openDatabase } from '../harness.js';

const lease = (holder: string, poolSize = 1): LeaseOptions => ({ holder, name: 'tereze', poolSize, leaseMs: 60_000 });

describe('the lease of a log', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(() => emptyLog(database));

  const expire = () =>
    database.ownerSql.query(
      `UPDATE audit_head SET lease_expires_at = clock_timestamp() - interval '1 second' WHERE holder IS NOT NULL`,
    );
  const head = async (): Promise<unknown> =>
    (await database.sql.query(`SELECT holder, lease_expires_at FROM audit_head WHERE log_id = 'tereze/0'`)).rows[0];

  it('is not renewed by the epoch of an earlier claim, not even by the same holder', async () => {
    const first = (await claimLog(database.sql, lease('replica-1')))!;
    await expire();
    const second = (await claimLog(database.sql, lease('replica-1')))!;
    expect(await renewLease(database.sql, first, 600_000)).to.equal(false);
    expect(await renewLease(database.sql, second, 60_000)).to.equal(true);
  });

  it('is neither renewed nor released by the process that lost it to another', async () => {
    const lost = (await claimLog(database.sql, lease('replica-1')))!;
    await expire();
    await claimLog(database.sql, lease('replica-2'));
    const held = await head();
    expect(await renewLease(database.sql, lost, 600_000)).to.equal(false);
    await releaseLease(database.sql, lost);
    expect(await head()).to.deep.equal(held);
  });

  it('is taken on the open logs with the smallest numbers, the own one first', async () => {
    await database.ownerSql.query(`INSERT INTO audit_head (log_id) VALUES ('tereze/300')`);
    const claims = [];
    for (const holder of ['one', 'two', 'three']) claims.push((await claimLog(database.sql, lease(holder, 3)))?.logId);
    expect(claims).to.deep.equal(['tereze/0', 'tereze/1', 'tereze/2']);
    expect(await claimLog(database.sql, lease('four', 3))).to.equal(undefined);
    expect((await claimLog(database.sql, lease('two', 3)))?.logId).to.equal('tereze/1');
    await database.ownerSql.query(`DELETE FROM audit_head WHERE log_id = 'tereze/300'`);
  });
});
