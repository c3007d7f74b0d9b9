import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { CompletionBody } from '../../monitoring/audit/entries.js';
import { startSystem, type RunningSystem } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const CONSENT = {
  agency: 'housing',
  purpose: 'housing_queue',
  case: caseNumber,
  categories: ['property.land', 'property.buildings', 'property.vehicles'],
};

describe('a consent withdrawn while a register is asked', function () {
  this.timeout(30_000);
  let system: RunningSystem;

  before(async () => {
    system = await startSystem();
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  it('discloses nothing: the answer is a refusal, and the entry says that it failed', async () => {
    const citizen = await system.citizen(applicant.iin);
    const given = await system.ask(citizen, CONSENT, '/consents');
    const [consent] = given.data?.['consents'] as { readonly id: string }[];
    const housing = await system.as('housing', 'housing_queue', caseNumber);
    const question = { documentId: 'HousingQueue', variables: { iin: applicant.iin } };
    system.country.reset('property');
    const letGo = system.country.holdNext('property');
    const asked = system.ask(housing, question);
    while (system.country.stats('property').calls === 0) await sleep(10);
    expect((await system.ask(citizen, {}, `/consents/${consent?.id ?? ''}/withdraw`)).status).to.equal(200);
    letGo();

    const answer = await asked;
    expect(answer.errors.map(({ extensions }) => extensions.code)).to.deep.equal(['CONSENT_WITHDRAWN']);
    expect(answer.data).to.equal(null);
    for (const known of [applicant.firstName, 'cadastralNumber":"']) expect(answer.text).to.not.include(known);

    const entries = await system.entries(answer.tereze.requestId);
    expect(entries.map(({ kind }) => kind)).to.deep.equal(['intent', 'completion']);
    expect((entries[1] as CompletionBody).outcome).to.equal('failed');
    const accesses = (entries[1] as CompletionBody).disclosed.map(({ access }) => access);
    expect(accesses, 'what was read or asked about').to.include('read').and.not.include('disclose');
  });
});
