import { expect } from 'chai';
import { createConsentStore } from '../../../policies/consent/store.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import { createRestrictionCounter } from '../../../gateway/state/restrictions.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';
import { movingClock } from '../moving-clock.js';
import { ADULT, SPOUSE } from '../people.js';
import { EVERY_TEXT, inTransactions, WIDE_BOUNDS } from './in-transactions.js';
import { noting, rowsRead, rowsReadPrepared, type Sent } from './rows-read.js';

const EVIDENCE = { issuer: 'https://issuer', tokenHash: 'a'.repeat(64), assurance: 'acr', requestId: 'r-1' };
const MANY = 3_000;

describe('looking consents up', function () {
  this.timeout(60_000);
  const pseudonyms = createPseudonyms(Buffer.alloc(32, 1));
  const clock = movingClock('2026-03-02T00:00:00.000Z');
  let database: TestDatabase;

  before(async () => {
    database = await openTestDatabase({ migrations: ['policies/migrations', 'gateway/state/migrations'] });
  });
  after(() => database.close());
  beforeEach(async () => {
    clock.moveTo('2026-03-02T00:00:00.000Z');
    await database.ownerSql.query('TRUNCATE consent_agreement, consent_record, consent_revision');
  });

  const store = (sent: Sent[] = []) =>
    inTransactions(
      database.sql,
      createConsentStore({
        ...{ sql: noting(database.sql, sent), pseudonyms, clock, restrictions: createRestrictionCounter(clock) },
        ...{ bounds: WIDE_BOUNDS, texts: EVERY_TEXT },
      }),
    );
  const given = {
    ...{ subject: ADULT, agency: 'housing', purpose: 'housing_queue', caseNumber: 'C-1' },
    ...{ categories: ['land'], validUntil: '2026-06-01T00:00:00.000Z', evidence: EVIDENCE },
  };
  const question = {
    ...{ agency: 'housing', purpose: 'housing_queue', caseNumber: 'C-1', subjects: [ADULT, SPOUSE] },
    reads: new Map([
      ['land', ['T.land']],
      ['vehicles', ['T.vehicles']],
    ]),
  };
  const rowsOf = async (): Promise<number> => {
    const sent: Sent[] = [];
    await store(sent).states(question);
    const [statement] = sent;
    if (statement === undefined) throw new Error('nothing was asked');
    const { ownerSql } = database;
    return Math.max(await rowsRead(ownerSql, statement), await rowsReadPrepared(ownerSql, statement));
  };
  /** Adds consents like the one that is there, each with a category of its own beside `land`. */
  const addMany = (columns: { readonly status?: string; readonly validUntil?: string; readonly caseNumber?: string }) =>
    database.ownerSql.query(
      `INSERT INTO consent_record (consent_id, agreement_id, subject_token, case_number, categories, texts, revision, status, given_at, valid_until, withdrawn_at, changed_at)
       SELECT gen_random_uuid(), agreement_id, subject_token, $2, ARRAY['land', 'other' || n], ARRAY[texts[1], texts[1]], 1, $1, given_at, $3,
         CASE WHEN $1 = 'withdrawn' THEN given_at END, given_at - n * interval '1 second'
       FROM consent_record, generate_series(1, $4) AS n`,
      [columns.status ?? 'given', columns.caseNumber ?? 'C-1', columns.validUntil ?? '2026-05-01T00:00:00.000Z', MANY],
    );

  for (const [what, columns] of [
    ['in force in this case', {}],
    ['in force in any case', { caseNumber: '' }],
    ['in force in other cases', { caseNumber: 'C-2' }],
    ['withdrawn', { status: 'withdrawn' }],
    ['suspended', { status: 'suspended' }],
    ['over', { validUntil: '2026-03-02T00:00:00.001Z' }],
  ] as const) {
    it(`reads no more rows beside ${String(MANY)} consents of the person that are ${what}`, async () => {
      await store().give(given);
      clock.moveTo('2026-03-02T00:00:00.001Z');
      const alone = await rowsOf();
      await addMany(columns);
      for (const isAnalyzed of [false, true]) {
        if (isAnalyzed) await database.ownerSql.query('ANALYZE');
        // A consent for any case is one more that may open the category.
        expect(await rowsOf()).to.be.at.most(alone + 12);
      }
      const states = (await store().states(question)).get(ADULT) ?? [];
      expect(states.find(({ status }) => status === 'given')).to.deep.include({ categories: ['land'] });
    });
  }

  it('believes no row of the index that the consent itself does not bear out', async () => {
    const { id } = await store().give(given);
    const open = async (): Promise<readonly string[]> =>
      ((await store().states(question)).get(ADULT) ?? []).map(({ status }) => status);
    expect(await open()).to.deep.equal(['given']);
    for (const [wrong, expected] of [
      [`UPDATE consent_record SET status = 'withdrawn', withdrawn_at = now()`, ['withdrawn']],
      [`UPDATE consent_record SET valid_until = given_at + interval '1 microsecond'`, ['expired']],
      [`UPDATE consent_record SET categories = '{vehicles}'`, []],
      [`UPDATE consent_record SET texts = NULL`, []],
      [`UPDATE consent_record SET case_number = 'C-2'`, []],
      [`UPDATE consent_record SET subject_token = repeat('0', 64)`, []],
    ] as const) {
      const { rows } = await database.ownerSql.query<{ record: string }>(
        'SELECT to_jsonb(consent_record)::text AS record FROM consent_record WHERE consent_id = $1',
        [id],
      );
      await database.ownerSql.transaction(async (tx) => {
        await tx.query('SET LOCAL session_replication_role = replica');
        await tx.query(wrong);
      });
      expect(await open(), wrong).to.deep.equal(expected);
      await database.ownerSql.transaction(async (tx) => {
        await tx.query('SET LOCAL session_replication_role = replica');
        await tx.query('DELETE FROM consent_record');
        await tx.query('INSERT INTO consent_record SELECT * FROM jsonb_populate_record(NULL::consent_record, $1)', [
          rows[0]?.record,
        ]);
      });
    }
  });
});
