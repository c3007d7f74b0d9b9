import { expect } from 'chai';
import { HOUSING_FAMILY, NEWBORN, UNKNOWN_NUMBER, OFFICIAL, SUPPORTED_FAMILY } from '../../demo/country/people.js';
import { citizenOf, startSystem, type Answer, type RunningSystem } from './running-system.js';

const BIRTH_CASE = 'BA-2026-000401';
const { husband, wife } = SUPPORTED_FAMILY;

describe('the services of the window', function () {
  this.timeout(30_000);
  let system: RunningSystem;

  before(async () => {
    system = await startSystem();
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const code = ({ errors }: Answer): unknown => errors[0]?.extensions.code;

  describe('BirthAllowance', () => {
    const ask = async (childIin: string = NEWBORN.iin): Promise<Answer> =>
      system.ask(await system.as('allowances', 'birth_allowance', BIRTH_CASE), {
        documentId: 'BirthAllowance',
        variables: { childIin },
      });
    const consent = async (iin: string): Promise<Answer> =>
      system.ask(
        await system.citizen(iin),
        { agency: 'social', purpose: 'birth_allowance', case: BIRTH_CASE, categories: ['tax.income'] },
        '/consents',
      );

    it('releases nothing while a parent has not agreed, lists the people to ask, and asks for no income', async () => {
      system.country.reset('tax');
      const none = await ask();
      expect(none.data).to.equal(null);
      expect(
        none.errors.map(({ path = [], extensions }) => [
          path.join('.'),
          extensions.code,
          typeof extensions.consentRequest,
        ]),
      ).to.deep.equal([
        ['citizen.parents.0.incomes', 'CONSENT_REQUIRED', 'string'],
        ['citizen.parents.1.incomes', 'CONSENT_REQUIRED', 'string'],
      ]);
      expect(none.text).to.not.include(NEWBORN.firstName);
      await consent(wife.iin);
      const one = await ask();
      expect(one.data).to.equal(null);
      expect(one.errors).to.have.length(1);
      expect(system.country.stats('tax').subjects).to.equal(0);
    });

    it('answers when both have agreed, and the consent request of an answer is what a parent agrees to', async () => {
      const [error] = (await ask()).errors;
      const given = await system.ask(
        await system.citizen(husband.iin),
        { request: error?.extensions.consentRequest },
        '/consents',
      );
      expect(given.status).to.equal(200);
      const answer = await ask();
      expect(answer.errors).to.deep.equal([]);
      const parents = citizenOf(answer)['parents'] as { readonly iin: string; readonly incomes: readonly unknown[] }[];
      expect(parents.map(({ iin }) => iin)).to.have.members([wife.iin, husband.iin]);
      expect(parents.every(({ incomes }) => Array.isArray(incomes))).to.equal(true);
    });

    it('is about the child of the case only', async () => {
      const before = system.calls();
      expect(code(await ask(SUPPORTED_FAMILY.children[0]?.iin))).to.equal('POLICY_DENIED');
      expect(code(await ask(UNKNOWN_NUMBER))).to.equal('POLICY_DENIED');
      expect(system.calls()).to.equal(before);
    });
  });

  describe('DeclarationCheck', () => {
    const ask = async (iin: string): Promise<Answer> =>
      system.ask(await system.as('integrity', 'declaration_check', 'DC-2026-000501'), {
        documentId: 'DeclarationCheck',
        variables: { iin },
      });

    it('is answered about an official on the list, without any consent', async () => {
      const answer = await ask(OFFICIAL.iin);
      expect(answer.errors).to.deep.equal([]);
      expect(citizenOf(answer)).to.include({ iin: OFFICIAL.iin, taxpayerStatus: 'ACTIVE' });
    });

    it('is refused about everyone else, the official’s wife among them', async () => {
      const before = system.calls();
      expect(code(await ask(HOUSING_FAMILY.applicant.iin))).to.equal('POLICY_DENIED');
      expect(code(await ask(wife.iin))).to.equal('POLICY_DENIED');
      expect(system.calls()).to.equal(before);
    });
  });

  describe('PensionCard', () => {
    const ask = async (variables?: object): Promise<Answer> =>
      system.ask(await system.citizen(OFFICIAL.iin), {
        documentId: 'PensionCard',
        ...(variables === undefined ? {} : { variables }),
      });

    it('shows the person who has signed in their own, with an entry', async () => {
      const answer = await ask();
      expect(citizenOf(answer)).to.include({ firstName: OFFICIAL.firstName });
      expect((await system.entries(answer.tereze.requestId)).map(({ kind }) => kind)).to.deep.equal([
        'intent',
        'completion',
      ]);
    });

    it('shows no one else’s, for every number', async () => {
      const answer = await ask({ iin: wife.iin });
      expect(citizenOf(answer)).to.include({ firstName: OFFICIAL.firstName });
      const text = {
        query: 'query Q($a: Iin!, $b: Iin!) { a: citizen(iin: $a) { firstName } b: citizen(iin: $b) { firstName } }',
        variables: { a: wife.iin, b: husband.iin },
      };
      const both = await system.ask(await system.citizen(OFFICIAL.iin), text);
      expect(both.data).to.deep.equal({ a: { firstName: OFFICIAL.firstName }, b: { firstName: OFFICIAL.firstName } });
    });

    it('shows no more than the pension', async () => {
      const before = system.calls();
      const answer = await system.ask(await system.citizen(OFFICIAL.iin), {
        query: 'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }',
        variables: {},
      });
      expect(code(answer)).to.equal('GRAPHQL_VALIDATION_FAILED');
      expect(system.calls()).to.equal(before);
    });
  });
});
