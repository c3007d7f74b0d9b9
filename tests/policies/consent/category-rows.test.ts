import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createConsentStore } from '../../../policies/consent/store.js';
import { suspendConsents } from '../../../policies/consent/restrict.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import { createRestrictionCounter } from '../../../gateway/state/restrictions.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';
import { movingClock } from '../moving-clock.js';
import { ADULT } from '../people.js';
import { EVERY_TEXT, inTransactions, WIDE_BOUNDS, type InTransactions } from './in-transactions.js';

const evidence = { issuer: 'https://issuer', tokenHash: 'a'.repeat(64), assurance: 'acr', requestId: 'r-1' };
const TERMS = {
  ...{ subject: ADULT, agency: 'housing', purpose: 'housing_queue', categories: ['land', 'vehicles'] },
  ...{ validUntil: '2026-06-01T00:00:00.000Z', evidence },
};

describe('rows of categories', () => {
  const clock = movingClock('2026-03-02T00:00:00.000Z');
  let database: TestDatabase;
  let store: InTransactions;

  before(async () => {
    database = await openTestDatabase({ migrations: ['policies/migrations', 'gateway/state/migrations'] });
    store = inTransactions(
      database.sql,
      createConsentStore({
        ...{ sql: database.sql, pseudonyms: createPseudonyms(Buffer.alloc(32, 1)), clock, bounds: WIDE_BOUNDS },
        ...{ restrictions: createRestrictionCounter(clock), texts: EVERY_TEXT },
      }),
    );
  });
  after(() => database.close());
  beforeEach(() => database.ownerSql.query('TRUNCATE consent_agreement, consent_record, consent_revision'));

  /** The rows that there are, and those that the consents say. */
  const rows = async (): Promise<{ readonly kept: unknown; readonly expected: unknown }> => {
    const of = async (from: string): Promise<unknown> =>
      (
        await database.sql.query(
          `SELECT consent_id, category, subject_token, agreement_id, case_number, text_hash, status, valid_until, changed_at
           FROM ${from} ORDER BY consent_id, category`,
        )
      ).rows;
    const said = `(SELECT consent_record.*, category, coalesce(text, '') AS text_hash
                   FROM consent_record, unnest(categories, texts) AS part (category, text)) AS said`;
    return { kept: await of('consent_category'), expected: await of(said) };
  };
  const follow = async (): Promise<void> => {
    const { kept, expected } = await rows();
    expect(kept).to.deep.equal(expected);
  };

  it('follow every change of a consent, by the runtime role and by the owner', async () => {
    const { id } = await store.give(TERMS);
    await store.give({ ...TERMS, caseNumber: 'C-1', categories: ['land'] });
    await follow();
    await store.give({ ...TERMS, validUntil: '2026-07-01T00:00:00.000Z' });
    await follow();
    await store.withdraw(id, ADULT, evidence);
    await follow();
    await suspendConsents(database.ownerSql, { requestId: 'r', at: clock.now() });
    await follow();
    await database.ownerSql.query('UPDATE consent_record SET texts = NULL');
    await follow();
    await database.ownerSql.query('DELETE FROM consent_revision');
    await database.ownerSql.query(`DELETE FROM consent_record WHERE case_number = 'C-1'`);
    await follow();
    expect((await rows()).kept).to.have.length(2);
  });

  it('are made for the consents that were there before them, and change none that changed meanwhile', async () => {
    const backfill = readFileSync('policies/migrations/009_consent_categories.sql', 'utf8');
    const { id } = await store.give(TERMS);
    await store.give({ ...TERMS, caseNumber: 'C-1' });
    await database.ownerSql.query('UPDATE consent_record SET texts = NULL');
    await database.ownerSql.query('DELETE FROM consent_category');
    await store.withdraw(id, ADULT, evidence);
    await database.ownerSql.query(backfill);
    await follow();
    expect((await rows()).kept).to.have.length(4);
    await database.ownerSql.query(backfill);
    await follow();
  });
});
