import { expect } from 'chai';
import { country, withholding } from '../country.js';
import { APPLICANT, plain, told } from '../harness.js';

const ASK = (fields: string): string => `query Q($iin: Iin!) { citizen(iin: $iin) { ${fields} } }`;

describe('execution: derived fields', () => {
  it('asks for the source instead, under a key of its own, and drops it', async () => {
    const { ask, calls } = country();
    const outcome = await ask(ASK('lifeStatus birthYear ageGroup'), { iin: APPLICANT });
    expect(calls[0]?.groups[0]?.fields).to.include.members(['citizen._d_birthDate']);
    expect(calls[0]?.groups[0]?.fields.filter((field) => field.endsWith('birthDate'))).to.have.length(1);
    expect(calls[0]?.groups[0]?.operation).to.not.contain('birthYear');
    expect(plain(outcome.data)).to.deep.equal({ citizen: { lifeStatus: 'ALIVE', birthYear: 1980, ageGroup: 'ADULT' } });
  });

  it('shares a source that the client selects too', async () => {
    const { ask, calls } = country();
    const outcome = await ask(ASK('birthDate birthYear'), { iin: APPLICANT });
    expect(calls[0]?.groups[0]?.fields.filter((field) => field.includes('birthDate'))).to.deep.equal([
      'citizen.birthDate',
    ]);
    expect(plain(outcome.data)).to.deep.equal({ citizen: { birthDate: '1980-01-01', birthYear: 1980 } });
  });

  it('reads the source, and discloses only what was derived', async () => {
    const { ask } = country();
    const { disclosures } = await ask(ASK('birthYear'), { iin: APPLICANT });
    expect(disclosures.map(({ category, access }) => `${access} ${category}`)).to.have.members([
      'read population.identifier',
      'disclose population.derived',
      'read population.identity',
    ]);
  });

  it('is withheld with its source, which is then not asked for', async () => {
    const { ask, calls } = country({ gate: withholding('population.identity') });
    const outcome = await ask(ASK('lifeStatus birthYear'), { iin: APPLICANT });
    expect(told(outcome)).to.deep.equal(['citizen.birthYear: CONSENT_REQUIRED']);
    expect(outcome.withheld[0]?.category).to.equal('population.identity');
    expect(calls[0]?.groups[0]?.fields.join()).to.not.contain('birthDate');
  });

  it('does not ask for the source when the derived field itself is withheld', async () => {
    const { ask, calls } = country({ gate: withholding('population.derived') });
    await ask(ASK('lifeStatus birthYear'), { iin: APPLICANT });
    expect(calls[0]?.groups[0]?.fields.join()).to.not.contain('birthDate');
  });

  it('tells the derivation for whom and in which case', async () => {
    const { ask } = country();
    const outcome = await ask(
      'query Q($handle: PersonHandle!) { person(handle: $handle) { pseudonym } }',
      { handle: APPLICANT },
      { receiver: 'appeals-ai', caseNumber: 'AP-1' },
    );
    expect(plain(outcome.data)).to.deep.equal({ person: { pseudonym: 'appeals-ai/AP-1/12' } });
  });

  it('fails alone when its source failed, or its computation', async () => {
    const { ask, adapters } = country({
      derivationsBy: {
        birthYear: () => 1980,
        pseudonym: () => 'p',
        ageGroup: () => {
          throw new Error('on no value');
        },
      },
    });
    adapters.get('population')!.intercept = async (_call, answer) => {
      const [group] = answer();
      (group!.records[0]!['citizen'] as Record<string, unknown>)['_d_birthDate'] = null;
      return [{ ...group!, errors: [{ path: [0, 'citizen', '_d_birthDate'], failure: 'failed' }] }];
    };
    const outcome = await ask(ASK('lifeStatus ageGroup'), { iin: APPLICANT });
    expect(plain(outcome.data)).to.deep.equal({ citizen: { lifeStatus: 'ALIVE', ageGroup: null } });
    expect(told(outcome)).to.deep.equal(['citizen.ageGroup: INTERNAL_SERVER_ERROR']);
  });
});
