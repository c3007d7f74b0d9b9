import { expect } from 'chai';
import { planConsent, type PlanConsentDependencies } from '../../../../gateway/stages/plan/consents.js';
import { createConsentRequests, longestRequest, type ConsentRequest } from '../../../../policies/consent/request.js';
import { compileCasePattern } from '../../../../schemas/caller-texts/case-number.js';
import { Refusal } from '../../../../schemas/refusal.js';
import { seededRandom, standingClock } from '../../../doubles.js';
import { NO_INSTANTS } from '../../../schemas/time/instants.js';
import { APPLICANT, authenticated, OTHER } from '../requests.js';

const CATEGORIES = Array.from({ length: 60 }, (_, position) => `property.category_${position}`);
const WORDS = { agencies: ['housing', 'courts'], purposes: ['housing_queue'], categories: CATEGORIES };
const clock = standingClock();
const requests = createConsentRequests({ secret: Buffer.alloc(32, 7), clock, random: seededRandom(), days: 30 });
const PATTERN = compileCasePattern('^[0-9]{12}$');

const dependencies: PlanConsentDependencies = {
  clock,
  openRequest: (token) => requests.open(token),
  casePatterns: (agency) => (agency === 'courts' ? PATTERN : undefined),
  knows: {
    agency: (id) => WORDS.agencies.includes(id),
    purpose: () => true,
    category: (name) => CATEGORIES.includes(name),
  },
  longest: { request: longestRequest(WORDS), categories: CATEGORIES.length },
  defaultDays: 90,
  maxDays: 365,
};

const asked: ConsentRequest = { agency: 'housing', purpose: 'housing_queue', categories: ['property.category_1'] };

const planned = (body: unknown) =>
  planConsent(
    {
      ...authenticated({
        caller: { system: 'portal', kind: 'citizen', assurance: 'high', person: APPLICANT },
        case: undefined,
      }),
      claimant: { caller: 'portal', weight: 1 },
      body,
    },
    dependencies,
  );

const refusalOf = (body: unknown): Promise<string> =>
  planned(body).then(
    () => 'planned',
    (error: unknown) => (error instanceof Refusal ? [error.code, ...error.reasons].join(' ') : String(error)),
  );

describe('giving a consent', () => {
  it('takes every request that this installation can seal, and every list of its categories', async () => {
    const all = { ...asked, categories: CATEGORIES, caseNumber: 'Ө'.repeat(64) };
    expect(await refusalOf({ request: requests.seal(all) })).to.equal('planned');
    expect(await refusalOf({ ...asked, categories: CATEGORIES })).to.equal('planned');
  });

  it('takes none that is longer, and no longer list', async () => {
    const longer = { request: 'x'.repeat(dependencies.longest.request + 1) };
    expect(await refusalOf(longer)).to.equal('BAD_USER_INPUT request');
    expect(await refusalOf({ ...asked, categories: [...CATEGORIES, CATEGORIES[0]] })).to.equal(
      'BAD_USER_INPUT categories',
    );
  });

  for (const [what, caseNumber, agency, outcome] of [
    ['a case number', 'HQ-2026-000101', 'housing', 'planned'],
    ['the number of another person', OTHER, 'housing', 'CASE_NUMBER_INVALID identity_number'],
    ['the number of another person in the form of the agency', OTHER, 'courts', 'planned'],
    ['the citizen’s own number', `x${APPLICANT}`, 'courts', 'CASE_NUMBER_INVALID person'],
    ['an unseen character', 'HQ\u200b1', 'housing', 'CASE_NUMBER_INVALID form'],
  ] as const) {
    it(`for ${what} is ${outcome}`, async () => {
      expect(await refusalOf({ ...asked, agency, case: caseNumber })).to.equal(outcome);
    });
  }

  it('has an end that is a moment, in the time that a consent can last', async () => {
    const year = clock.now().getUTCFullYear();
    const end = (text: string): Promise<string> => refusalOf({ ...asked, validUntil: text });
    const month = clock.now().toISOString().slice(0, 7);
    for (const text of [`${year + 1}-01-15T05:00:00+05:00`, `${year + 1}-01-15t00:00:00.5z`])
      expect(await end(text), text).to.equal('planned');
    expect((await planned({ ...asked, validUntil: `${year + 1}-01-15T05:00:00+05:00` })).work).to.have.nested.property(
      'terms.validUntil',
      `${year + 1}-01-15T00:00:00.000Z`,
    );
    for (const text of [
      `${month}-01T00:00:00Z`,
      `${year + 2}-12-31T00:00:00Z`,
      `${year + 1}`,
      `15 January ${year + 1}`,
      ...NO_INSTANTS,
    ])
      expect(await end(text), text).to.equal('BAD_USER_INPUT validUntil');
  });

  it('names the citizen, and the person that a sealed request was made for', async () => {
    expect((await planned(asked)).named.numbers).to.deep.equal([APPLICANT]);
    const request = requests.seal({ ...asked, subject: OTHER });
    expect((await planned({ request })).named.numbers).to.deep.equal([APPLICANT, OTHER]);
  });
});
