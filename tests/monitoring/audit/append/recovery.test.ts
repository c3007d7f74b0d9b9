import { expect } from 'chai';
import { canonicalBytes, leafHash } from '../../../../monitoring/audit/canonical.js';
import type { CompletionBody } from '../../../../monitoring/audit/entries.js';
import { createAuditReader } from '../../../../monitoring/audit/reader.js';
import { listeningObserver } from '../../../doubles.js';
import { rejection } from '../../../rejection.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { committed, completionDraft, intentDraft, tokenOf } from '../drafts.js';
import { FaultySql } from './faulty-sql.js';
import { emptyLog, forgetTrees, openDatabase, openLog, storedRows, storedTale } from '../harness.js';

describe('recovery of open intents', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(() => emptyLog(database));

  const closedThrough = async (): Promise<string | undefined> =>
    (
      await database.sql.query<{ closed_through: string }>(
        `SELECT closed_through FROM audit_head WHERE log_id = 'tereze/0'`,
      )
    ).rows[0]?.closed_through;

  it('closes an intent without a completion as unknown, once', async () => {
    const crashed = await openLog(database.sql);
    await crashed.append(intentDraft('done'));
    await crashed.append(completionDraft('done'));
    await crashed.append(intentDraft('open'));
    await crashed.close();
    for (let start = 0; start < 2; start += 1) await (await openLog(database.sql, `replica-${start}`)).close();
    expect(await storedTale(database.sql)).to.deep.equal([
      'intent done',
      'completion done answered',
      'intent open',
      'completion open unknown',
    ]);
    expect(await closedThrough()).to.equal('4');
  });

  it('repeats what was intended, says that no answer is known, and can be found by the person', async () => {
    const crashed = await openLog(database.sql);
    await crashed.append(intentDraft('open', { subjects: ['a', 'b'] }));
    await crashed.close();
    await (await openLog(database.sql)).close();
    const { body: intent } = intentDraft('open', { subjects: ['a', 'b'] });
    const completion = JSON.parse((await storedRows(database.sql))[1]?.entry.toString('utf8') ?? '') as CompletionBody;
    expect(completion).to.include({
      kind: 'completion',
      outcome: 'unknown',
      answer: null,
      purpose: 'housing_queue',
      policySet: 'p1',
    });
    expect(completion.subjects).to.deep.equal('subjects' in intent ? intent.subjects : []);
    const { rows } = await database.sql.query(`SELECT index FROM audit_subject WHERE index_token = $1 ORDER BY index`, [
      Buffer.from(tokenOf('b'), 'hex'),
    ]);
    expect(rows).to.deep.equal([{ index: '0' }, { index: '1' }]);
  });

  const completions = async () => {
    const reader = createAuditReader(database.sql);
    return (await reader.list({ kind: 'completion', limit: 10 })).map(({ body, differences }) => {
      if (body.kind !== 'completion') throw new Error('not a completion');
      return { subjects: body.subjects, differences };
    });
  };

  it('commits to the tokens of an intent of an earlier version, which did not', async () => {
    const crashed = await openLog(database.sql);
    await crashed.append(intentDraft('open', { subjects: ['a', 'b'] }));
    await crashed.close();
    const [intent] = await storedRows(database.sql);
    const body = JSON.parse(String(intent?.entry)) as { subjects: { person: string }[] };
    const earlier = { ...body, schemaVersion: 3, subjects: body.subjects.map(({ person }) => person) };
    const bytes = canonicalBytes(earlier);
    await database.ownerSql.query('UPDATE audit_entry SET entry = $1, leaf_hash = $2, schema_version = 3', [
      bytes,
      leafHash(bytes),
    ]);
    await forgetTrees(database);
    await (await openLog(database.sql)).close();
    expect(await completions()).to.deep.equal([
      { subjects: committed(['a', 'b']).map((subject) => ({ ...subject, sealed: null })), differences: [] },
    ]);
  });

  for (const [what, change] of [
    ['erased', `DELETE FROM audit_subject WHERE position = 0`],
    ['without a salt', `UPDATE audit_subject SET salt = NULL WHERE position = 0`],
    ['changed', `UPDATE audit_subject SET index_token = '\\x${'00'.repeat(16)}' WHERE position = 0`],
  ] as const) {
    it(`commits to no token of a person whose row beside the intent is ${what}`, async () => {
      const crashed = await openLog(database.sql);
      await crashed.append(intentDraft('open', { subjects: ['a', 'b'] }));
      await crashed.close();
      await database.ownerSql.query(change);
      await (await openLog(database.sql)).close();
      const [first, second] = committed(['a', 'b']);
      expect(await completions()).to.deep.equal([
        { subjects: [{ ...first, index: null, sealed: null }, second], differences: [] },
      ]);
    });
  }

  for (const [what, change] of [
    ['erased', 'sealed = NULL'],
    ['changed', `sealed = '\\x00'`],
  ] as const) {
    it(`commits to no sealed identity where the one beside the intent is ${what}`, async () => {
      const crashed = await openLog(database.sql);
      await crashed.append(intentDraft('open', { subjects: ['a', 'b'] }));
      await crashed.close();
      await database.ownerSql.query(`UPDATE audit_subject SET ${change} WHERE position = 0`);
      await (await openLog(database.sql)).close();
      const [first, second] = committed(['a', 'b']);
      expect(await completions()).to.deep.equal([{ subjects: [{ ...first, sealed: null }, second], differences: [] }]);
    });
  }

  it('closes the intents of a replica that is gone, in the log of one that lives', async () => {
    const gone = await openLog(database.sql, 'replica-1', { poolSize: 2 });
    await gone.append(intentDraft('open'));
    const living = await openLog(database.sql, 'replica-2', { poolSize: 2, leaseMs: 150 });
    await database.ownerSql.query(
      `UPDATE audit_head SET lease_expires_at = clock_timestamp() - interval '1 second' WHERE holder = 'replica-1'`,
    );
    await until(async () => (await storedRows(database.sql)).length === 2);
    const [intent, completion] = await storedRows(database.sql);
    expect([intent?.log_id, completion?.log_id, completion?.outcome]).to.deep.equal([
      'tereze/0',
      'tereze/1',
      'unknown',
    ]);
    await living.close();
    await gone.close();
  });

  it('leaves alone what this process still works on', async () => {
    const log = await openLog(database.sql, 'replica-1', { leaseMs: 90 });
    await log.append(intentDraft('working'));
    await until(async () => (await closedThrough()) === '0');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await storedTale(database.sql)).to.deep.equal(['intent working']);
    await log.append(completionDraft('working'));
    await until(async () => (await closedThrough()) === '2');
    expect(await storedTale(database.sql)).to.deep.equal(['intent working', 'completion working answered']);
    await log.close();
  });

  it('comes back to an intent that it left alone, when the process ends without completing it', async () => {
    const log = await openLog(database.sql, 'replica-1', { leaseMs: 90 });
    await log.append(intentDraft('done'));
    await log.append(completionDraft('done'));
    await log.append(intentDraft('working'));
    await log.append(intentDraft('also done'));
    await log.append(completionDraft('also done'));
    await until(async () => (await closedThrough()) === '2');
    await log.close();
    await (await openLog(database.sql, 'replica-2')).close();
    expect((await storedTale(database.sql)).at(-1)).to.equal('completion working unknown');
  });

  it('closes an intent whose reply was lost, while the process lives on', async () => {
    const sql = new FaultySql(database.sql);
    const log = await openLog(sql, 'replica-1', { leaseMs: 90 });
    sql.failNext('reply_lost');
    await rejection(log.append(intentDraft('lost')));
    await until(async () => (await storedRows(database.sql)).length === 2);
    expect(await storedTale(database.sql)).to.deep.equal(['intent lost', 'completion lost unknown']);
    await log.close();
  });

  it('closes an intent that was committed after its caller had given up', async () => {
    const sql = new FaultySql(database.sql);
    const log = await openLog(sql, 'replica-1', { leaseMs: 300, commitMs: 400 });
    const waits = sql.hold();
    const late = rejection(log.append(intentDraft('late')));
    await waits;
    await late;
    sql.letGo();
    await until(async () => (await storedRows(database.sql)).length === 2);
    expect(await storedTale(database.sql)).to.deep.equal(['intent late', 'completion late unknown']);
    await log.close();
  });

  for (const [form, tale] of [
    ['not_written', ['intent r1', 'completion r1 unknown']],
    ['reply_lost', ['intent r1', 'completion r1 answered']],
  ] as const) {
    it(`leaves one completion when writing it failed (${form})`, async () => {
      const sql = new FaultySql(database.sql);
      const log = await openLog(sql, 'replica-1', { leaseMs: 90 });
      await log.append(intentDraft('r1'));
      sql.failNext(form);
      await rejection(log.append(completionDraft('r1')));
      await until(async () => (await closedThrough()) === '2');
      expect(await storedTale(database.sql)).to.deep.equal(tale);
      await log.close();
    });
  }

  it('closes an intent whose completion cannot be an entry, while the process lives on', async () => {
    const log = await openLog(database.sql, 'replica-1', { leaseMs: 90 });
    await log.append(intentDraft('r1'));
    const tooLong = log.append(completionDraft('r1', { catalogue: 'x'.repeat(65_536) }));
    expect(await rejection(tooLong)).to.be.instanceOf(RangeError);
    await until(async () => (await closedThrough()) === '2');
    expect(await storedTale(database.sql)).to.deep.equal(['intent r1', 'completion r1 unknown']);
    await log.close();
  });

  it('skips an intent that someone made unreadable, and closes the others', async () => {
    const crashed = await openLog(database.sql);
    await crashed.append(intentDraft('broken'));
    await crashed.append(intentDraft('open'));
    await crashed.close();
    await database.ownerSql.query(
      `UPDATE audit_entry SET entry = '{{', leaf_hash = sha256('\\x00'::bytea || '{{'::bytea) WHERE index = 0`,
    );
    await forgetTrees(database);
    const observer = listeningObserver();
    await (await openLog(database.sql, 'replica-1', { observer })).close();
    expect(await storedTale(database.sql)).to.deep.equal(['intent broken', 'intent open', 'completion open unknown']);
    expect(observer.lines.map(({ event, fields }) => [event, fields['closed']])).to.deep.equal([
      ['audit_open_intents_closed', 1],
    ]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
