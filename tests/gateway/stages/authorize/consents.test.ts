import { expect } from 'chai';
import { authorizeConsent, type AuthorizeConsentDependencies } from '../../../../gateway/stages/authorize/consents.js';
import type { ConsentTerms, ConsentWork } from '../../../../gateway/stages/plan/consents.js';
import type { Refusal } from '../../../../schemas/refusal.js';
import type { Caller } from '../../../../schemas/vocabulary.js';
import { rejection } from '../../../rejection.js';
import { APPLICANT, OTHER, planned } from '../requests.js';

const CITIZEN: Caller = { system: 'portal', kind: 'citizen', assurance: 'substantial', person: APPLICANT };
const TERMS: ConsentTerms = {
  agency: 'housing',
  purpose: 'housing_queue',
  caseNumber: undefined,
  categories: ['property.land', 'property.vehicles'],
  validUntil: '2027-01-01T00:00:00.000Z',
  askedOf: undefined,
};
const GIVE: ConsentWork = { act: 'give', terms: TERMS };
const CONSENT_ID = '00000000-0000-4000-8000-00000000000a';

const dependencies: AuthorizeConsentDependencies = {
  isStateCurrent: () => true,
  isAnchorOverdue: () => false,
  leastAssurance: (purpose) => (purpose === 'housing_queue' ? 'substantial' : 'high'),
  acrValuesFor: (least) => [`urn:${least}`],
  closedToConsent: ({ agency, purpose, categories }) =>
    agency === 'housing' && purpose === 'housing_queue'
      ? categories.filter((category) => !category.startsWith('property.'))
      : categories,
};

const act = (work: ConsentWork, caller: Caller = CITIZEN, changes: Partial<AuthorizeConsentDependencies> = {}) =>
  authorizeConsent(
    { ...planned(), purpose: 'own_data', case: undefined, caller, work },
    { ...dependencies, ...changes },
  );
const refusal = async (attempt: Promise<unknown>): Promise<Refusal> => (await rejection(attempt)) as Refusal;

describe('authorize: consents', () => {
  it('lets a citizen consent to what some rule can open', async () => {
    const { allowed, subjects } = await act(GIVE);
    expect({ allowed, subjects }).to.deep.equal({ allowed: { person: APPLICANT }, subjects: [APPLICANT] });
  });

  it('refuses a consent that no rule would use, and names its categories', async () => {
    const terms = { ...TERMS, categories: ['property.land', 'civil_acts.adoption', 'tax.income'] };
    expect(await refusal(act({ act: 'give', terms }))).to.deep.include({
      code: 'CONSENT_NOT_POSSIBLE',
      status: 403,
      reasons: ['civil_acts.adoption', 'tax.income'],
      categories: ['civil_acts.adoption', 'tax.income'],
    });
  });

  it('demands the assurance of the purpose that the consent is for', async () => {
    for (const assurance of ['none', 'low'] as const)
      expect(await refusal(act(GIVE, { ...CITIZEN, assurance })), assurance).to.deep.include({
        code: 'ASSURANCE_TOO_LOW',
        reasons: ['assurance_substantial'],
        acrValues: ['urn:substantial'],
        categories: TERMS.categories,
      });
    const stricter: ConsentWork = { act: 'give', terms: { ...TERMS, purpose: 'birth_allowance' } };
    expect((await refusal(act(stricter))).reasons).to.deep.equal(['assurance_high']);
  });

  it('takes nothing that opens data while too little of the log is proven outside, and withdrawals all the same', async () => {
    const overdue = { isAnchorOverdue: () => true };
    for (const work of [GIVE, { act: 'confirm', consentId: CONSENT_ID }] as const)
      expect(await refusal(act(work, CITIZEN, overdue)), work.act).to.deep.include({
        code: 'AUDIT_UNAVAILABLE',
        reasons: ['anchor_overdue'],
      });
    for (const work of [
      { act: 'withdraw', consentId: CONSENT_ID },
      { act: 'list', page: { limit: 10 } },
    ] as const)
      expect((await act(work, CITIZEN, overdue)).allowed.person, work.act).to.equal(APPLICANT);
  });

  it('takes a withdrawal after any authentication, and lists what can be withdrawn', async () => {
    for (const assurance of ['none', 'low'] as const) {
      const caller = { ...CITIZEN, assurance };
      expect((await act({ act: 'withdraw', consentId: CONSENT_ID }, caller)).allowed.person).to.equal(APPLICANT);
      expect((await act({ act: 'list', page: { limit: 10 } }, caller)).allowed.person).to.equal(APPLICANT);
    }
  });

  it('says nothing of assurance or rules to someone else than the person who was asked', async () => {
    const asked: ConsentWork = { act: 'give', terms: { ...TERMS, askedOf: OTHER, categories: ['tax.income'] } };
    expect(await refusal(act(asked, { ...CITIZEN, assurance: 'none' }))).to.deep.include({
      code: 'BAD_USER_INPUT',
      reasons: ['request'],
    });
    const system: Caller = { system: 'housing', kind: 'system', assurance: 'none' };
    expect((await refusal(act(GIVE, system))).code).to.equal('CITIZEN_REQUIRED');
  });
});
