import { expect } from 'chai';
import { generateCountry } from '../../demo/country/country.js';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { RefusalBody } from '../../monitoring/audit/entries.js';
import { answerOf, citizenOf, REGISTERS, startSystem, type Answer, type RunningSystem } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const LOW = 'urn:tereze:demo:name';
const HIGH = 'urn:tereze:demo:signature';
const CONSENT = {
  agency: 'housing',
  purpose: 'housing_queue',
  case: caseNumber,
  categories: ['property.land', 'property.vehicles'],
};

describe('assurance', function () {
  this.timeout(60_000);
  let system: RunningSystem;
  const [protectedMother = ''] = generateCountry().protectedPeople;

  before(async () => void (system = await startSystem()));
  beforeEach(() => {
    for (const register of REGISTERS) system.country.reset(register);
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const pension = async (iin: string, acr?: string): Promise<Answer> =>
    system.ask(await system.citizen(iin, acr), { documentId: 'PensionCard', variables: { iin } });
  const refusalOf = async ({ tereze }: Answer): Promise<RefusalBody> => {
    const entries = await system.entries(tereze.requestId);
    expect(entries.map(({ kind }) => kind)).to.deep.equal(['refusal']);
    return entries[0] as RefusalBody;
  };
  const codes = ({ errors }: Answer): readonly string[] => errors.map(({ extensions }) => extensions.code);
  const act = async (body: unknown, path: string, acr?: string): Promise<Answer> =>
    system.ask(await system.citizen(applicant.iin, acr), body, path);
  const given = ({ data }: Answer): { readonly id: string; readonly status: string } =>
    (data?.['consents'] as { readonly id: string; readonly status: string }[])[0] ?? expect.fail('no consent');

  it('too low for own data is a challenge that names what would do, an entry, and no call', async () => {
    const access = await system.citizen(applicant.iin, LOW);
    const response = await access.fetch('/graphql', {
      method: 'POST',
      headers: new Headers({ 'content-type': 'application/json' }),
      body: JSON.stringify({ documentId: 'PensionCard', variables: { iin: applicant.iin } }),
    });
    expect(response.headers.get('www-authenticate')).to.match(
      /^DPoP error="insufficient_user_authentication", acr_values="urn:tereze:demo:list urn:tereze:demo:signature", algs=/,
    );
    const answer = answerOf({ status: response.status, text: await response.text() });
    expect([answer.status, codes(answer), answer.data]).to.deep.equal([401, ['ASSURANCE_TOO_LOW'], null]);
    const entry = await refusalOf(answer);
    expect(entry).to.deep.include({ code: 'ASSURANCE_TOO_LOW', reasons: ['assurance_substantial'] });
    expect(entry.subjects).to.have.length(1);
    expect(entry.categories).to.include('tax.pension');
    expect(system.calls()).to.equal(0);
  });

  it('enough for own data answers', async () => {
    for (const acr of [undefined, HIGH]) {
      const answer = await pension(applicant.iin, acr);
      expect([answer.status, citizenOf(answer)['firstName']], acr).to.deep.equal([200, applicant.firstName]);
    }
  });

  it('too low for the purpose of a consent refuses it; what is given can be found and withdrawn with any', async () => {
    const refused = await act(CONSENT, '/consents', LOW);
    expect([refused.status, codes(refused)]).to.deep.equal([401, ['ASSURANCE_TOO_LOW']]);
    expect((await refusalOf(refused)).categories).to.deep.equal(CONSENT.categories);
    const { id } = given(await act(CONSENT, '/consents'));
    const listed = await (await system.citizen(applicant.iin, LOW)).send('GET', '/consents');
    expect([listed.status, given(answerOf(listed)).id]).to.deep.equal([200, id]);
    const withdrawn = await act({}, `/consents/${id}/withdraw`, LOW);
    expect([withdrawn.status, given(withdrawn).status]).to.deep.equal([200, 'withdrawn']);
  });

  it('does not help a consent that no rule would use: it is refused, with its categories named', async () => {
    const categories = ['property.land', 'civil_acts.adoption'];
    const refused = await act({ ...CONSENT, categories }, '/consents', HIGH);
    expect([refused.status, codes(refused)]).to.deep.equal([403, ['CONSENT_NOT_POSSIBLE']]);
    expect(refused.errors[0]?.extensions['reasons']).to.deep.equal(['civil_acts.adoption']);
    expect((await refusalOf(refused)).categories).to.deep.equal(['civil_acts.adoption']);
  });

  describe('of a protected person', () => {
    it('shows them their own data if it is high: registers are asked about them', async () => {
      const answer = await pension(protectedMother, HIGH);
      expect(answer.status).to.equal(200);
      expect(citizenOf(answer)['lastName']).to.be.a('string');
      expect(REGISTERS.flatMap((register) => system.country.people(register))).to.include(protectedMother);
      expect(answer.text).to.not.match(/protect/i);
    });

    it('shows them nothing if it is lower: no register is asked about them', async () => {
      const answer = await pension(protectedMother);
      expect([answer.status, answer.data]).to.deep.equal([200, { citizen: null }]);
      expect(REGISTERS.flatMap((register) => system.country.people(register))).to.not.include(protectedMother);
    });
  });
});
