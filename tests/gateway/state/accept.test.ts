import { expect } from 'chai';
import { createPostgresApprovals } from '../../../gateway/approvals/postgres-approvals.js';
import type { DocumentReach } from '../../../gateway/approvals/reach.js';
import { migrationFolders } from '../../../gateway/compose/migration-folders.js';
import { RESTORED_ROOMS } from '../../../gateway/compose/restored-rooms.js';
import { acceptRollback, type AcceptanceResult } from '../../../gateway/state/accept.js';
import { readDatabaseHead } from '../../../gateway/state/anchor/database-head.js';
import { EMPTY_HEAD, type Head } from '../../../gateway/state/anchor/head.js';
import { createRestrictionCounter, readRestrictions } from '../../../gateway/state/restrictions.js';
import type { StateBody } from '../../../monitoring/audit/entries/state.js';
import { AuditUnavailable } from '../../../monitoring/audit/port.js';
import { createAuditReader } from '../../../monitoring/audit/reader.js';
import { verifyAnswer } from '../../../monitoring/audit/answer/verify-answer.js';
import { createConsentStore } from '../../../policies/consent/store.js';
import { createHandles } from '../../../policies/disclosure/handles.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import type { NumberedRestriction } from '../../../schemas/ports/restrictions.js';
import { SqlFailure, type Sql } from '../../../schemas/ports/sql.js';
import { seededRandom } from '../../doubles.js';
import { intentDraft } from '../../monitoring/audit/drafts.js';
import { openLog } from '../../monitoring/audit/harness.js';
import { EVERY_TEXT, inTransactions, WIDE_BOUNDS } from '../../policies/consent/in-transactions.js';
import { movingClock } from '../../policies/moving-clock.js';
import { ADULT } from '../../policies/people.js';
import { rejection } from '../../rejection.js';
import { restoreSnapshot, takeSnapshot, type Snapshot } from './snapshots.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

const NOW = '2026-03-02T00:00:00.000Z';
const SECRET = Buffer.alloc(32, 1);
const evidence = { issuer: 'i', tokenHash: 'a'.repeat(64), assurance: 'a', requestId: 'r' };

describe('acceptance of a database that went back in time', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let empty: Snapshot;
  const clock = movingClock(NOW);
  const random = seededRandom();
  const restrictions = createRestrictionCounter(clock);
  const handles = () => createHandles({ sql: database.sql, secret: SECRET, clock, random, minutesToLive: 15 });
  const approvals = () => createPostgresApprovals({ sql: database.sql, clock, restrictions });
  const consents = () =>
    inTransactions(
      database.sql,
      createConsentStore({
        sql: database.sql,
        pseudonyms: createPseudonyms(SECRET),
        clock,
        restrictions,
        bounds: WIDE_BOUNDS,
        texts: EVERY_TEXT,
      }),
    );

  before(async () => {
    database = await openTestDatabase({ migrations: migrationFolders() });
    empty = await takeSnapshot(database);
  });
  after(() => database.close());
  beforeEach(async () => {
    clock.moveTo(NOW);
    await restoreSnapshot(database, empty);
  });

  const give = (category: string, validUntil = '2026-04-01T00:00:00.000Z') =>
    consents().give({
      ...{ subject: ADULT, agency: 'housing', purpose: 'housing_queue', categories: [category], validUntil, evidence },
    });
  const withdraw = (id: string) => consents().withdraw(id, ADULT, evidence);
  const statuses = async (): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      (await consents().list(ADULT)).map(({ categories, status, revision }) => [
        categories[0],
        `${status}@${revision}`,
      ]),
    );
  const headNow = (): Promise<Head> => readDatabaseHead(database.ownerSql);
  const journal = (): Promise<readonly NumberedRestriction[]> => readRestrictions(database.sql, 0);
  const accept = (
    head: Head | undefined,
    journals: readonly NumberedRestriction[],
    owner: Sql = database.ownerSql,
  ): Promise<AcceptanceResult | undefined> =>
    acceptRollback(
      owner,
      {
        ...{ act: 'rollback_accepted', head, journals, reason: 'a disk was lost' },
        ...{ requestId: 'acceptance-1', at: clock.now() },
      },
      RESTORED_ROOMS,
    );

  it('withdraws again what was withdrawn, suspends what was narrowed, and touches no other consent', async () => {
    const [a, , c] = [await give('a'), await give('b'), await give('c', '2026-05-01T00:00:00.000Z')];
    const dump = await takeSnapshot(database);
    await withdraw(a.id);
    await give('c', '2026-03-20T00:00:00.000Z');
    const [head, kept] = [await headNow(), await journal()];
    await restoreSnapshot(database, dump);
    const result = await accept(head, kept);
    expect(result).to.deep.include({ epoch: 1, missing: 0, suspended: 0, restricted: { consents: 2, approvals: 0 } });
    expect(await statuses()).to.deep.equal({ a: 'withdrawn@2', b: 'given@1', c: 'suspended@2' });
    expect(await journal()).to.deep.equal(kept);
    expect(await withdraw(c.id)).to.have.property('status', 'withdrawn');
    expect((await journal()).at(-1)).to.deep.include({ number: kept.length + 1, kind: 'withdrawal', revision: 3 });
  });

  it('raises the revision at least to that of the journal, and keeps evidence of the act', async () => {
    const { id } = await give('a');
    const dump = await takeSnapshot(database);
    for (const until of ['2026-05-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z']) await give('a', until);
    await withdraw(id);
    const [head, kept] = [await headNow(), await journal()];
    await restoreSnapshot(database, dump);
    await accept(head, kept);
    expect(await statuses()).to.deep.equal({ a: 'withdrawn@4' });
    const { rows } = await database.sql.query(
      'SELECT revision, status, evidence_issuer, evidence_request_id FROM consent_revision ORDER BY revision',
    );
    expect(rows[1]).to.deep.equal({
      ...{ revision: 4, status: 'withdrawn', evidence_issuer: 'tereze', evidence_request_id: 'acceptance-1' },
    });
  });

  it('suspends every consent in force where a restriction is in no journal, and only then', async () => {
    const a = await give('a');
    await give('b');
    await give('expired', '2026-03-03T00:00:00.000Z');
    const dump = await takeSnapshot(database);
    await withdraw(a.id);
    const [head, kept] = [await headNow(), await journal()];
    await restoreSnapshot(database, dump);
    clock.moveTo('2026-03-04T00:00:00.000Z');
    const result = await accept(head, kept.slice(1));
    expect(result).to.deep.include({ missing: 1, suspended: 2, counter: 3 });
    expect(await statuses()).to.deep.equal({ a: 'suspended@2', b: 'suspended@2', expired: 'expired@1' });
    expect((await journal()).map(({ number, kind }) => [number, kind])).to.deep.equal([
      [2, 'suspension'],
      [3, 'suspension'],
    ]);
  });

  it('suspends every consent in force where no head can be read', async () => {
    await give('a');
    expect(await accept(undefined, [])).to.deep.include({ suspended: 1, missing: 0 });
    expect(await statuses()).to.deep.equal({ a: 'suspended@2' });
  });

  it('applies what other histories of the database numbered, although it has counted as far', async () => {
    const ids = [(await give('a')).id, (await give('b')).id, (await give('c')).id] as const;
    await withdraw((await give('before')).id);
    const dump = await takeSnapshot(database);
    // Restriction 2 of this history is lost; the database went on and has another one of this number.
    await withdraw(ids[0]);
    const [head, kept] = [await headNow(), await journal()];
    await restoreSnapshot(database, dump);
    await withdraw(ids[1]);
    const accepted = await accept(head, kept);
    expect(accepted).to.deep.include({ missing: 0, suspended: 0, restricted: { consents: 1, approvals: 0 } });
    expect(await statuses()).to.deep.equal({
      ...{ a: 'withdrawn@2', b: 'withdrawn@2', c: 'given@1' },
      before: 'withdrawn@2',
    });
  });

  it('takes restrictions of a later epoch into account from where the epoch began', async () => {
    const [a, b] = [await give('a'), await give('b')];
    const dump = await takeSnapshot(database);
    await withdraw(b.id);
    const lostBranch = await takeSnapshot(database);
    await restoreSnapshot(database, dump);
    await accept(EMPTY_HEAD, []);
    await withdraw(a.id);
    const [head, kept] = [{ ...(await headNow()), epochStarts: new Map([[1, 0]]) }, await journal()];
    await restoreSnapshot(database, lostBranch);
    expect(await accept(head, kept)).to.deep.include({ epoch: 2, missing: 0, suspended: 0 });
    expect(await statuses()).to.deep.equal({ a: 'withdrawn@2', b: 'withdrawn@2' });
  });

  it('withdraws again what was withdrawn once more, although it was withdrawn already in that history', async () => {
    const { id } = await give('a');
    await withdraw(id);
    const dump = await takeSnapshot(database);
    await give('a');
    const lostBranch = await takeSnapshot(database);
    await restoreSnapshot(database, dump);
    const begun = await accept(EMPTY_HEAD, await journal());
    clock.moveTo('2026-03-02T00:00:01.000Z');
    await withdraw(id);
    await withdraw(id);
    const epochStarts = new Map([[1, begun?.startsAt ?? 0]]);
    const [head, kept] = [{ ...(await headNow()), epochStarts }, await journal()];
    expect(kept).to.have.length(2);
    await restoreSnapshot(database, lostBranch);
    expect(await statuses()).to.deep.equal({ a: 'given@3' });
    await accept(head, kept);
    expect((await statuses())['a']).to.match(/^withdrawn@/);
  });

  it('suspends where it is not known when a later epoch began and the journal does not reach back', async () => {
    await give('a');
    await withdraw((await give('b')).id);
    const dump = await takeSnapshot(database);
    await accept(await headNow(), await journal());
    const head = await headNow();
    await restoreSnapshot(database, dump);
    expect(await accept(head, [])).to.deep.include({ missing: 1, suspended: 1 });
  });

  it('ends handles, and withdraws approvals that no longer held', async () => {
    const reach = (name: string, document: string): DocumentReach => ({
      ...{ name, document, owner: 'o', allowed: [], purposes: [], registers: [], categories: [], subjects: [] },
    });
    const question = { receiver: 'ai', purpose: 'p', case: { agency: 'g', number: '1' } };
    const { handle } = await handles().issue(database.sql, { ...question, subject: ADULT, issuedBy: 's' });
    for (const name of ['A', 'B']) await database.sql.transaction((tx) => approvals().first(tx, reach(name, '1')));
    const dump = await takeSnapshot(database);
    await database.sql.transaction((tx) => approvals().approve(tx, reach('A', '2'), 'officer-1'));
    const [head, kept] = [await headNow(), await journal()];
    await restoreSnapshot(database, dump);
    expect(await accept(head, kept)).to.deep.include({ handles: 1, restricted: { consents: 0, approvals: 1 } });
    expect(await handles().resolve({ ...question, handle })).to.equal(undefined);
    const latest = await approvals().latest(['A', 'B']);
    expect([latest.get('A')?.isWithdrawn, latest.get('B')?.isWithdrawn]).to.deep.equal([true, false]);
  });

  describe('and its logs', () => {
    const appendTo = async (holder: string, requests: readonly string[]) => {
      const log = await openLog(database.sql, holder, { poolSize: 4 });
      const appended = await Promise.all(requests.map((request) => log.append(intentDraft(request))));
      await log.close();
      return appended;
    };

    it('are closed at their size, and entries go on where no entry was', async () => {
      await appendTo('replica-1', ['r1']);
      const dump = await takeSnapshot(database);
      const lost = await appendTo('replica-1', ['r2', 'r3']);
      const head = await headNow();
      await restoreSnapshot(database, dump);
      const result = await accept(head, []);
      const [closed] = result?.closedLogs ?? [];
      expect(closed).to.deep.equal({ log: 'tereze/0', size: 1, headSize: head.logs.get('tereze/0')?.size });
      expect(result?.entry).to.deep.equal({ log: 'tereze/256', index: 0 });
      const entry = await createAuditReader(database.sql).show('tereze/256', 0);
      expect(entry?.intact).to.equal(true);
      expect(entry?.body as StateBody).to.deep.include({
        ...{ kind: 'state', act: 'rollback_accepted', reason: 'a disk was lost', epoch: 1, closedLogs: [closed] },
      });
      const places = (await appendTo('replica-1', ['r4', 'r5'])).map(({ log, index }) => `${log}/${index}`);
      for (const { log, index } of lost) expect(places).to.not.include(`${log}/${index}`);
      expect(places[0]).to.match(/^tereze\/256\//);
    });

    it('answer a receipt of the lost range as lost, and any other as it is', async () => {
      const [kept] = await appendTo('replica-1', ['r1']);
      const dump = await takeSnapshot(database);
      const [lost] = await appendTo('replica-1', ['r2']);
      const head = await headNow();
      const headSize = head.logs.get('tereze/0')?.size ?? 0;
      await restoreSnapshot(database, dump);
      const verify = (receipt: object) =>
        verifyAnswer(createAuditReader(database.sql), {
          data: null,
          extensions: { tereze: { receipt: { ...lost, salt: 'aa', ...receipt } } },
        });
      expect(await verify({})).to.not.have.property('lost');
      await accept(head, []);
      expect(await verify({})).to.deep.include({ verified: false });
      expect((await verify({})).lost).to.deep.equal({
        ...{ log: 'tereze/0', size: 1, headSize, entry: { log: 'tereze/256', index: 0 } },
      });
      for (const other of [{ ...kept }, { index: headSize }, { log: 'tereze/1' }, { log: 'tereze/256', index: 7 }])
        expect(await verify(other), JSON.stringify(other)).to.not.have.property('lost');
      await database.ownerSql.query(
        `UPDATE audit_entry SET entry = $1, leaf_hash = sha256('\\x00'::bytea || $1::bytea) WHERE log_id = 'tereze/256' AND index = 0`,
        [Buffer.from(JSON.stringify({ kind: 'state', closedLogs: [] }))],
      );
      expect(await verify({})).to.not.have.property('lost');
    });

    it('are closed although the head does not know of their last entries, or of a log at all', async () => {
      const dump = await takeSnapshot(database);
      await appendTo('replica-1', ['r1']);
      await restoreSnapshot(database, dump);
      expect((await accept(EMPTY_HEAD, []))?.closedLogs).to.deep.equal([]);
      expect((await appendTo('replica-1', ['r2']))[0]?.log).to.equal('tereze/256');
    });

    it('fence a replica that still runs, which goes on in another', async () => {
      const log = await openLog(database.sql, 'replica-1', { poolSize: 4 });
      await log.append(intentDraft('r1'));
      await accept(await headNow(), []);
      expect(await rejection(log.append(intentDraft('r2')))).to.be.instanceOf(AuditUnavailable);
      expect((await log.append(intentDraft('r3'))).log).to.equal('tereze/256');
      await log.close();
    });

    it('are never appended to again, nor opened, by anyone', async () => {
      await appendTo('replica-1', ['r1']);
      await accept(await headNow(), []);
      for (const statement of [
        `UPDATE audit_head SET size = size + 1 WHERE log_id = 'tereze/0'`,
        `UPDATE audit_head SET head_size = NULL, closed_log = NULL, closed_index = NULL WHERE log_id = 'tereze/0'`,
      ])
        expect(await rejection(database.ownerSql.query(statement)), statement).to.have.property('code', '23514');
    });

    it('have their open intents closed in the new ones', async () => {
      await appendTo('replica-1', []);
      const crashed = await openLog(database.sql, 'replica-1', { poolSize: 4 });
      await crashed.append(intentDraft('r1'));
      await accept(await headNow(), []);
      await appendTo('replica-2', []);
      const entries = await createAuditReader(database.sql).request('r1');
      expect(entries.map(({ log, body }) => [log, body.kind])).to.deep.equal([
        ['tereze/0', 'intent'],
        ['tereze/256', 'completion'],
      ]);
      await crashed.close();
    });

    it('are others after each acceptance, also of a dump from before an earlier one', async () => {
      const dump = await takeSnapshot(database);
      await appendTo('replica-1', ['r1']);
      await accept(await headNow(), []);
      await appendTo('replica-1', ['r2']);
      const head = await headNow();
      await restoreSnapshot(database, dump);
      const second = await accept(head, []);
      expect(second).to.deep.include({ epoch: 2, entry: { log: 'tereze/512', index: 0 } });
      expect(second?.closedLogs).to.deep.include({
        log: 'tereze/256',
        size: 0,
        headSize: head.logs.get('tereze/256')?.size,
      });
      expect((await appendTo('replica-1', ['r3']))[0]?.log).to.equal('tereze/512');
    });
  });

  it('changes nothing when it fails, and is not done twice when its reply was lost', async () => {
    const { id } = await give('a');
    const dump = await takeSnapshot(database);
    await withdraw(id);
    const [head, kept] = [await headNow(), await journal()];
    await restoreSnapshot(database, dump);
    const failing: Sql = {
      query: (text, values) => database.ownerSql.query(text, values),
      transaction: (work) =>
        database.ownerSql.transaction(async (tx) => {
          await work(tx);
          throw new SqlFailure('cut before the commit', { outcome: 'unknown' });
        }),
    };
    await rejection(accept(head, kept, failing));
    expect(await statuses()).to.deep.equal({ a: 'given@1' });
    expect(await headNow()).to.deep.include({ epoch: 0, restrictions: 0 });
    const replyLost: Sql = {
      ...failing,
      transaction: async (work) => {
        await database.ownerSql.transaction(work);
        throw new SqlFailure('cut after the commit', { outcome: 'unknown' });
      },
    };
    await rejection(accept(head, kept, replyLost));
    const done = await headNow();
    expect(await accept(head, kept)).to.equal(undefined);
    expect(await headNow()).to.deep.equal(done);
    expect(await statuses()).to.deep.equal({ a: 'withdrawn@2' });
  });
});
