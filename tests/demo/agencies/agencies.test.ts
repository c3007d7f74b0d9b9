import { expect } from 'chai';
import { agencies } from '../../../demo/agencies/agencies.js';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY } from '../../../demo/country/people.js';
import { served, type Served } from '../registers/served.js';

describe('the agencies’ server', () => {
  const country = generateCountry();
  let server: Served;

  before(async () => {
    const secrets = { agencyTokens: { housing: 'h', social: 's', appeals: 'a', integrity: 'i' }, protectionToken: 'p' };
    server = await served((meter) => agencies(country, secrets, meter));
  });
  after(() => server.listener.close());

  it('answers for the case systems and for the list, each with its own token', async () => {
    const { applicant, caseNumber } = HOUSING_FAMILY;
    const subjects = [applicant.iin, ...country.protectedPeople];
    const facts = (token: string) =>
      server.post(
        '/api/v1/cases/facts',
        { agency: 'housing', case: caseNumber, purpose: 'housing_queue', subjects },
        { Authorization: `Bearer ${token}` },
      );
    const listed = (token: string) =>
      server.post('/api/v1/protected-people/among', { subjects }, { Authorization: `Bearer ${token}` });
    expect((await facts('h')).json).to.have.nested.property('facts[0].subject', 0);
    expect((await listed('p')).json).to.deep.equal({ protected: [1] });
    expect([(await facts('p')).status, (await listed('h')).status]).to.deep.equal([401, 401]);
  });
});
