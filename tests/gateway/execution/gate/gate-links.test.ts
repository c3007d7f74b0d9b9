import { expect } from 'chai';
import { country, withholding } from '../country.js';
import { APPLICANT, CHILD, fakeGate, plain, SECOND_CHILD, SPOUSE, told } from '../harness.js';

const FAMILY =
  'query Q($iin: Iin!) { citizen(iin: $iin) { lastName spouse { iin lastName } children { iin lastName } } }';

for (const unsplit of [false, true]) {
  describe(`execution: links to other persons, ${unsplit ? 'followed within one fetch' : 'cut by the plan'}`, () => {
    it('asks the gate about the people reached, with role and origin, after the call', async () => {
      const { ask, gate } = country({ unsplit });
      await ask(FAMILY, { iin: APPLICANT });
      expect(gate.batches[0]?.map(({ subject }) => subject.id)).to.deep.equal([APPLICANT]);
      expect(gate.batches[1]?.map(({ subject }) => `${subject.role} ${subject.id} ${subject.via?.id}`)).to.deep.equal([
        `spouse ${SPOUSE} ${APPLICANT}`,
        `child ${CHILD} ${APPLICANT}`,
        `child ${SECOND_CHILD} ${APPLICANT}`,
      ]);
    });

    it('does not follow a link that is not granted of the person it leads from', async () => {
      const { ask, calls, gate } = country({ unsplit, gate: withholding(['population.family', APPLICANT]) });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(calls).to.have.length(1);
      expect(calls[0]?.groups[0]?.fields).to.not.include.members(['citizen.spouse.iin', 'citizen.children.iin']);
      expect(gate.batches).to.have.length(1);
      expect(told(outcome)).to.deep.equal(['citizen.spouse: CONSENT_REQUIRED', 'citizen.children: CONSENT_REQUIRED']);
    });

    it('closes a link that is not granted of the person it leads to', async () => {
      const { ask } = country({ unsplit, gate: withholding(['population.family', SPOUSE]) });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(plain(outcome.data)).to.have.nested.property('citizen.spouse', null);
      expect(plain(outcome.data)).to.have.nested.property('citizen.children[0].lastName', 'Child');
      expect(told(outcome)).to.deep.equal(['citizen.spouse: CONSENT_REQUIRED']);
    });

    it('closes a list as a whole when one person of it is refused, without telling its length', async () => {
      const { ask, adapters } = country({ unsplit, gate: withholding(['population.family', SECOND_CHILD]) });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(plain(outcome.data)).to.have.nested.property('citizen.children', null);
      expect(outcome.errors.filter(({ path }) => path?.includes('children')).map(({ path }) => path)).to.deep.equal([
        ['citizen', 'children'],
      ]);
      expect(JSON.stringify(outcome.errors)).to.not.contain(CHILD);
      expect(adapters.get('property')!.calls).to.have.length(0);
    });

    it('keeps of another person only what is granted of that person', async () => {
      const { ask } = country({ unsplit, gate: withholding(['population.identity', SPOUSE]) });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(plain(outcome.data))
        .to.have.nested.property('citizen.spouse')
        .that.deep.equals({ iin: SPOUSE, lastName: null });
      expect(plain(outcome.data)).to.have.nested.property('citizen.lastName', 'Applicant');
      expect(told(outcome)).to.deep.equal(['citizen.spouse.lastName: CONSENT_REQUIRED']);
    });

    it('closes a link beyond which nothing is granted', async () => {
      const { ask } = country({
        unsplit,
        gate: withholding(['population.identity', SPOUSE], ['population.identifier', SPOUSE]),
      });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(plain(outcome.data)).to.have.nested.property('citizen.spouse', null);
      expect(told(outcome)).to.deep.equal(['citizen.spouse: CONSENT_REQUIRED']);
    });

    it('rejects, and releases nothing, when the gate fails after the call', async () => {
      let batches = 0;
      const working = fakeGate();
      const gate = {
        ...working,
        decide: (questions: Parameters<typeof working.decide>[0]) =>
          (batches += 1) > 1 ? Promise.reject(new Error('gone')) : working.decide(questions),
      };
      const { ask, calls } = country({ unsplit, gate });
      expect(await ask(FAMILY, { iin: APPLICANT }).catch((error: unknown) => error)).to.be.instanceOf(Error);
      expect(calls).to.have.length(1);
    });

    it('follows links of links, each from the person before', async () => {
      const { ask, gate } = country({ unsplit });
      await ask('query Q($iin: Iin!) { citizen(iin: $iin) { registration { region household { iin } } } }', {
        iin: APPLICANT,
      });
      const reached = gate.batches.flat().filter(({ subject }) => subject.role === 'household');
      expect(reached.map(({ subject }) => subject.via?.id)).to.deep.equal([APPLICANT, APPLICANT, APPLICANT]);
    });
  });
}

describe('execution: links whose target does not say who it is', () => {
  it('stay closed', async () => {
    const { ask, adapters } = country();
    adapters.get('population')!.intercept = async () => [
      {
        records: [
          {
            citizen: {
              __typename: 'Citizen',
              _g_iin: APPLICANT,
              iin: APPLICANT,
              lastName: 'A',
              spouse: { __typename: 'Citizen' },
              children: [],
            },
          },
        ],
        errors: [],
      },
    ];
    const outcome = await ask(FAMILY, { iin: APPLICANT });
    expect(told(outcome)).to.deep.equal(['citizen.spouse: REGISTER_MALFORMED_RESPONSE']);
    expect(plain(outcome.data)).to.have.nested.property('citizen.children').that.deep.equals([]);
  });
});
