import { expect } from 'chai';
import { commitment } from '../../../../monitoring/audit/commitment.js';
import { createAuditReader } from '../../../../monitoring/audit/reader.js';
import { verifyAnswer } from '../../../../monitoring/audit/answer/verify-answer.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { completionDraft, intentDraft } from '../drafts.js';
import { emptyLog, openDatabase, openLog } from '../harness.js';

const SALT = 'aa'.repeat(32);
const DATA = { person: { lastName: 'Ахметова', share: 0.5, gone: null } };
const ERRORS = [{ message: 'no', path: ['person', 'address'], extensions: { code: 'CONSENT_REQUIRED' } }];

describe('verification of a kept answer', () => {
  let database: TestDatabase;
  let receipt: { log: string; index: number; leafHash: string; salt: string };
  beforeEach(async () => {
    await emptyLog(database);
    const log = await openLog(database.sql);
    await log.append(intentDraft('r1'));
    const answer = commitment(Buffer.from(SALT, 'hex'), { data: DATA, errors: ERRORS });
    receipt = { ...(await log.append(completionDraft('r1', { answer }, SALT))), salt: SALT };
    await log.close();
  });
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());

  const kept = (changes: object = {}): object => ({
    data: DATA,
    errors: ERRORS,
    extensions: { tereze: { requestId: 'r1', receipt } },
    ...changes,
  });
  const withReceipt = (changes: object): object =>
    kept({ extensions: { tereze: { receipt: { ...receipt, ...changes } } } });
  /** The check that failed, or `verified`. */
  const verdict = async (answer: unknown): Promise<string> => {
    const { verified, checks } = await verifyAnswer(createAuditReader(database.sql), answer);
    expect(verified).to.equal(checks.every(({ holds }) => holds));
    return verified ? 'verified' : (checks.at(-1)?.check ?? 'nothing was checked');
  };

  it('holds for the answer as it came, with its names in any order', async () => {
    expect(await verdict(kept())).to.equal('verified');
    expect(
      await verdict(JSON.parse(JSON.stringify({ extensions: { tereze: { receipt } }, errors: ERRORS, data: DATA }))),
    ).to.equal('verified');
  });

  it('fails for an answer that was changed', async () => {
    const changed = 'answer is the one committed to';
    expect(await verdict(kept({ data: { person: { ...DATA.person, lastName: 'Ахметов' } } }))).to.equal(changed);
    expect(await verdict(kept({ data: { person: { ...DATA.person, more: null } } }))).to.equal(changed);
    expect(await verdict(kept({ errors: [] }))).to.equal(changed);
    const { errors, ...withoutErrors } = kept() as { errors: unknown };
    expect([errors, await verdict(withoutErrors)]).to.deep.equal([ERRORS, changed]);
  });

  it('fails for a receipt of something else', async () => {
    expect(await verdict(withReceipt({ index: 99 }))).to.equal('entry is in the log');
    expect(await verdict(withReceipt({ log: 'tereze/7' }))).to.equal('entry is in the log');
    expect(await verdict(withReceipt({ index: 0 }))).to.equal('leaf is the receipt’s');
    expect(await verdict(withReceipt({ leafHash: '00'.repeat(32) }))).to.equal('leaf is the receipt’s');
    expect(await verdict(withReceipt({ salt: 'bb'.repeat(32) }))).to.equal('answer is the one committed to');
  });

  it('fails for an intent: it commits to no answer', async () => {
    const reader = createAuditReader(database.sql);
    expect(await verdict(withReceipt({ index: 0, leafHash: (await reader.show('tereze/0', 0))?.leafHash }))).to.equal(
      'answer is the one committed to',
    );
  });

  it('fails without a receipt that could be looked up', async () => {
    const without = 'answer has a receipt';
    for (const answer of [undefined, null, 7, [], {}, kept({ extensions: {} }), kept({ extensions: null })])
      expect(await verdict(answer)).to.equal(without);
    for (const changes of [
      { log: 'a\u0000b/1' },
      { log: 7 },
      { index: -1 },
      { index: '0' },
      { index: 1e20 },
      { leafHash: '' },
      { salt: 'xyz' },
      { salt: undefined },
    ]) {
      expect(await verdict(withReceipt(changes))).to.equal(without);
    }
  });

  describe('after someone with the owner’s rights changed the log', () => {
    const rewrite = (text: string): Promise<unknown> => database.ownerSql.query(text);

    it('fails when the entry’s bytes were changed', async () => {
      await rewrite('ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_leaf');
      await rewrite(
        `UPDATE audit_entry SET entry = convert_to(replace(convert_from(entry, 'UTF8'), 'answered', 'failed'), 'UTF8') WHERE index = 1`,
      );
      expect(await verdict(kept())).to.equal('entry’s bytes hash to its leaf');
    });

    it('fails when bytes and leaf were changed together: the receipt remembers', async () => {
      await rewrite(
        `UPDATE audit_entry SET entry = convert_to(replace(convert_from(entry, 'UTF8'), 'answered', 'failed'), 'UTF8') WHERE index = 1`,
      );
      await rewrite(`UPDATE audit_entry SET leaf_hash = sha256('\\x00'::bytea || entry) WHERE index = 1`);
      expect(await verdict(kept())).to.equal('leaf is the receipt’s');
    });

    it('fails when the entry was deleted', async () => {
      await rewrite('DELETE FROM audit_entry WHERE index = 1');
      expect(await verdict(kept())).to.equal('entry is in the log');
    });
  });
});
