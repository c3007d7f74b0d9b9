import { expect } from 'chai';
import { createHandles, type StoredHandles } from '../../../policies/disclosure/handles.js';
import type { HandleIssue, HandleQuestion } from '../../../policies/disclosure/port.js';
import { SqlFailure, type Sql } from '../../../schemas/ports/sql.js';
import { seededRandom } from '../../doubles.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';
import { movingClock, type MovingClock } from '../moving-clock.js';
import { ADULT } from '../people.js';

const issue: HandleIssue = {
  subject: ADULT,
  issuedBy: 'appeals',
  receiver: 'appeals-ai',
  purpose: 'appeal_review',
  case: { agency: 'appeals', number: 'AP-2026-000301' },
};
const questionOf = (handle: string): HandleQuestion => ({
  handle,
  receiver: issue.receiver,
  purpose: issue.purpose,
  case: issue.case,
});
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('done'),
    (error: unknown) => error,
  );

describe('handles', () => {
  const random = seededRandom();
  let database: TestDatabase;
  let clock: MovingClock;
  let handles: StoredHandles;
  const handlesOn = (sql: Sql, secret = Buffer.alloc(32, 1)): StoredHandles =>
    createHandles({ sql, secret, clock, random, minutesToLive: 15 });

  before(async () => {
    database = await openTestDatabase({ migrations: ['policies/migrations'] });
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.ownerSql.query('TRUNCATE person_handle');
    clock = movingClock('2026-03-02T10:00:00.000Z');
    handles = handlesOn(database.sql);
  });

  it('resolve to the person for the receiver, purpose and case they were made for', async () => {
    const { handle, expiresAt } = await handles.issue(database.sql, issue);
    expect(handle).to.match(/^ph_[A-Za-z0-9_-]{43}$/);
    expect(expiresAt).to.equal('2026-03-02T10:15:00.000Z');
    expect(await handles.resolve(questionOf(handle))).to.equal(ADULT);
    expect(await handles.resolve(questionOf(handle))).to.equal(ADULT);
  });

  const others: Record<string, Partial<HandleQuestion>> = {
    receiver: { receiver: 'other-ai' },
    purpose: { purpose: 'proactive_support' },
    case: { case: { agency: 'appeals', number: 'AP-2026-000302' } },
    'agency of the case': { case: { agency: 'housing', number: 'AP-2026-000301' } },
    handle: { handle: `ph_${'A'.repeat(43)}` },
    form: { handle: 'x' },
  };
  for (const [name, change] of Object.entries(others)) {
    it(`resolve to nothing for another ${name}`, async () => {
      const { handle } = await handles.issue(database.sql, issue);
      expect(await handles.resolve({ ...questionOf(handle), ...change })).to.equal(undefined);
    });
  }

  it('resolve to nothing once they have ended, and are cleared away', async () => {
    const { handle } = await handles.issue(database.sql, issue);
    clock.moveTo('2026-03-02T10:14:59.999Z');
    expect(await handles.resolve(questionOf(handle))).to.equal(ADULT);
    expect(await handles.purge()).to.equal(0);
    clock.moveTo('2026-03-02T10:15:00.000Z');
    expect(await handles.resolve(questionOf(handle))).to.equal(undefined);
    expect(await handles.purge()).to.equal(1);
    expect(await handles.purge()).to.equal(0);
  });

  it('never repeat', async () => {
    expect((await handles.issue(database.sql, issue)).handle).to.not.equal(
      (await handles.issue(database.sql, issue)).handle,
    );
  });

  it('are kept without themselves and without the number', async () => {
    const { handle } = await handles.issue(database.sql, issue);
    const { rows } = await database.sql.query<{ row: string; sealed: Buffer }>(
      'SELECT person_handle::text AS row, sealed_subject AS sealed FROM person_handle',
    );
    expect(rows).to.have.length(1);
    const secrets = [
      handle,
      Buffer.from(handle).toString('hex'),
      Buffer.from(handle.slice(3), 'base64url').toString('hex'),
      ADULT,
      Buffer.from(ADULT).toString('hex'),
    ];
    for (const secret of secrets) expect(rows[0]?.row).to.not.include(secret);
    expect(rows[0]?.sealed.includes(ADULT)).to.equal(false);
  });

  it('resolve to nothing when rows were exchanged, or the key is another', async () => {
    const one = await handles.issue(database.sql, issue);
    const other = await handles.issue(database.sql, { ...issue, subject: '000000000000' });
    await database.ownerSql.query(
      'UPDATE person_handle SET sealed_subject = (SELECT sealed_subject FROM person_handle AS p WHERE p.handle_hash <> person_handle.handle_hash)',
    );
    expect(await handles.resolve(questionOf(one.handle))).to.equal(undefined);
    expect(await handles.resolve(questionOf(other.handle))).to.equal(undefined);
    const fresh = await handles.issue(database.sql, issue);
    expect(await handlesOn(database.sql, Buffer.alloc(32, 2)).resolve(questionOf(fresh.handle))).to.equal(undefined);
  });

  it('are not issued when they were not written, nor when the reply was lost', async () => {
    const down = new SqlFailure('down', { outcome: 'not_done' });
    const broken: Sql = { query: () => Promise.reject(down), transaction: () => Promise.reject(down) };
    expect(await failureOf(handlesOn(broken).issue(broken, issue))).to.equal(down);
    expect(await failureOf(handlesOn(broken).resolve(questionOf(`ph_${'A'.repeat(43)}`)))).to.equal(down);

    const lost = new SqlFailure('connection lost', { outcome: 'unknown' });
    const replyLost: Sql = {
      query: async (text, values) => (await database.sql.query(text, values), Promise.reject(lost)),
      transaction: () => Promise.reject(lost),
    };
    expect(await failureOf(handlesOn(replyLost).issue(replyLost, issue))).to.equal(lost);
  });

  it('cannot be changed by the gateway, only made and cleared away', async () => {
    await handles.issue(database.sql, issue);
    expect(await failureOf(database.sql.query(`UPDATE person_handle SET receiver = 'x'`))).to.have.property(
      'code',
      '42501',
    );
  });
});
