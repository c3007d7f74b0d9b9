import fc from 'fast-check';
import { expect } from 'chai';
import { createConsentStore } from '../../../policies/consent/store.js';
import { isPageCursor } from '../../../policies/consent/page-cursor.js';
import type { ConsentPage, Evidence, NewConsent, PageRequest } from '../../../policies/consent/port.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import { createRestrictionCounter } from '../../../gateway/state/restrictions.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';
import { movingClock, type MovingClock } from '../moving-clock.js';
import { ADULT, SPOUSE } from '../people.js';
import { EVERY_TEXT, inTransactions, WIDE_BOUNDS, type InTransactions } from './in-transactions.js';
import { noting, rowsRead, type Sent } from './rows-read.js';

const evidence: Evidence = { issuer: 'https://issuer', tokenHash: 'a'.repeat(64), assurance: 'acr', requestId: 'r-1' };
const START = Date.parse('2026-03-02T00:00:00.000Z');
const consent = (changed: Partial<NewConsent> = {}): NewConsent => ({
  ...{ subject: ADULT, agency: 'housing', purpose: 'housing_queue', categories: ['property.land'] },
  ...{ validUntil: '2026-06-01T00:00:00.000Z', evidence },
  ...changed,
});

describe('pages of consents', () => {
  const pseudonyms = createPseudonyms(Buffer.alloc(32, 1));
  let database: TestDatabase;
  let clock: MovingClock;
  let store: InTransactions;

  before(async () => {
    database = await openTestDatabase({ migrations: ['policies/migrations', 'gateway/state/migrations'] });
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.ownerSql.query('TRUNCATE consent_agreement, consent_record, consent_revision, restriction');
    clock = movingClock(new Date(START).toISOString());
    const restrictions = createRestrictionCounter(clock);
    store = inTransactions(
      database.sql,
      createConsentStore({
        sql: database.sql,
        pseudonyms,
        clock,
        restrictions,
        bounds: WIDE_BOUNDS,
        texts: EVERY_TEXT,
      }),
    );
  });

  const giveCase = async (number: number, subject = ADULT): Promise<string> =>
    (await store.give(consent({ subject, caseNumber: `C-${number}` }))).id;
  const page = (request: PageRequest, subject = ADULT): Promise<ConsentPage> => store.page(subject, request);
  const idsOf = ({ consents }: ConsentPage): readonly string[] => consents.map(({ id }) => id);

  it('go from the newest to the oldest, and say where the next one starts', async () => {
    const ids: string[] = [];
    for (let number = 0; number < 5; number += 1) {
      clock.moveTo(new Date(START + number).toISOString());
      ids.unshift(await giveCase(number));
    }
    const first = await page({ limit: 2 });
    const second = await page({ limit: 2, after: first.next ?? '' });
    const third = await page({ limit: 2, after: second.next ?? '' });
    expect([first, second, third].map(idsOf)).to.deep.equal([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(third).to.not.have.property('next');
    expect(await page({ limit: 5 })).to.not.have.property('next');
  });

  it('hold the consents of the person only, with a cursor of another person, too', async () => {
    for (let number = 0; number < 3; number += 1) await giveCase(number, SPOUSE);
    const own = await giveCase(9);
    const { next = '' } = await page({ limit: 1 }, SPOUSE);
    expect(isPageCursor(next)).to.equal(true);
    expect(idsOf(await page({ limit: 9, after: next })).every((id) => id === own)).to.equal(true);
  });

  it('tell apart what was given in the same microsecond, and within one millisecond', async () => {
    for (let number = 0; number < 7; number += 1) await giveCase(number);
    await database.ownerSql.query(
      `UPDATE consent_record SET first_given_at = first_given_at + (row - 3) / 2 * interval '1 microsecond'
       FROM (SELECT consent_id AS id, row_number() OVER () AS row FROM consent_record) AS numbered WHERE id = consent_id`,
    );
    const seen: string[] = [];
    for (let request: PageRequest | undefined = { limit: 1 }; request !== undefined;) {
      const { consents, next }: ConsentPage = await page(request);
      seen.push(...consents.map(({ id }) => id));
      request = next === undefined ? undefined : { limit: 1, after: next };
    }
    expect([seen.length, new Set(seen).size]).to.deep.equal([7, 7]);
  });

  it('show each consent once while others are given, given again and withdrawn between them, in any order', async function () {
    this.timeout(120_000);
    const change = fc.record({ act: fc.constantFrom('new', 'again', 'withdraw'), at: fc.nat(11), later: fc.nat(2) });
    const reading = fc.record({
      given: fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
      limit: fc.integer({ min: 1, max: 5 }),
      between: fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }),
      isOld: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(reading, async ({ given, limit, between, isOld }) => {
        await database.ownerSql.query('TRUNCATE consent_agreement, consent_record, consent_revision, restriction');
        let now = START;
        const moveBy = (milliseconds: number): void => clock.moveTo(new Date((now += milliseconds)).toISOString());
        const ids: string[] = [];
        for (const [number, later] of given.entries()) {
          moveBy(later);
          ids.push(await giveCase(number));
        }
        // What was given before the column was there has no value in it.
        if (isOld) await database.ownerSql.query('UPDATE consent_record SET first_given_at = NULL');
        const seen: string[] = [];
        let added = given.length;
        let request: PageRequest | undefined = { limit };
        for (let turn = 0; request !== undefined; turn += 1) {
          const { consents, next }: ConsentPage = await page(request);
          expect(consents.length).to.be.at.most(limit);
          seen.push(...consents.map(({ id }) => id));
          request = next === undefined ? undefined : { limit, after: next };
          for (const { act, at, later } of between[turn] ?? []) {
            moveBy(later);
            if (act === 'new') await giveCase((added += 1));
            else if (act === 'again') await giveCase(at % given.length);
            else await store.withdraw(ids[at % ids.length] ?? '', ADULT, evidence);
          }
        }
        expect(new Set(seen).size).to.equal(seen.length);
        expect(seen).to.include.members(ids);
      }),
      { numRuns: 60 },
    );
  });

  it('read the rows of a page and no more, however many there are', async () => {
    const token = pseudonyms.token(ADULT);
    await giveCase(0);
    await database.ownerSql.query(
      `INSERT INTO consent_record (consent_id, agreement_id, subject_token, case_number, categories, revision, status, given_at, valid_until, changed_at)
       SELECT gen_random_uuid(), agreement_id, $1, 'D-' || n, '{property.land}', 1, 'given', now() + n * interval '1 second', now() + interval '1 year', now()
       FROM consent_agreement, generate_series(1, 5000) AS n`,
      [token],
    );
    await database.ownerSql.query('ANALYZE consent_record');
    const sent: Sent[] = [];
    const sql = noting(database.sql, sent);
    const noted = createConsentStore({
      sql,
      pseudonyms,
      clock,
      restrictions: createRestrictionCounter(clock),
      bounds: WIDE_BOUNDS,
      texts: EVERY_TEXT,
    });
    const { next = '' } = await noted.list(ADULT, { limit: 50 });
    await noted.list(ADULT, { limit: 50, after: next });
    expect(sent).to.have.length(2);
    // The consents of the page, the one after it, and the agreement of each.
    for (const statement of sent) expect(await rowsRead(database.ownerSql, statement)).to.be.at.most(2 * 51);
  });
});
