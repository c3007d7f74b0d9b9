import { expect } from 'chai';
import { RegisterFailure } from '../../../adapters/port.js';
import type { Grant } from '../../../schemas/ports/gate.js';
import { country, HOUSING_QUEUE, withholding } from '../execution/country.js';
import { APPLICANT, CHILD, fakeGate, PUBLIC_TASK, SECOND_CHILD, SPOUSE } from '../execution/harness.js';

const CONSENT: Grant = { basis: 'consent', policies: ['with-consent'], claim: { consentId: 'c-1', revision: 2 } };

describe('execution: the access record', () => {
  it('names each person that a register was asked about, once, in order', async () => {
    const { ask } = country();
    const { subjects } = await ask(HOUSING_QUEUE, { iin: APPLICANT });
    expect(subjects.map(({ id }) => id)).to.deep.equal([APPLICANT, SPOUSE, CHILD, SECOND_CHILD]);
  });

  it('names people found in an answer, also those that are refused', async () => {
    const { ask } = country({ gate: withholding(['population.family', SPOUSE]) });
    const { subjects, disclosures } = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { spouse { iin } } }', {
      iin: APPLICANT,
    });
    expect(subjects.map(({ id }) => id)).to.deep.equal([APPLICANT, SPOUSE]);
    expect(disclosures.flatMap(({ subjects: positions }) => positions)).to.not.include(1);
  });

  it('gives the basis and the people of each category', async () => {
    const gate = fakeGate(({ subject }, category) =>
      category === 'property.land' && subject.id === SPOUSE ? CONSENT : PUBLIC_TASK,
    );
    const { ask } = country({ gate });
    const { disclosures, claims, subjects } = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } spouse { lands { area } } } }',
      { iin: APPLICANT },
    );
    const lands = disclosures.filter(({ category }) => category === 'property.land');
    expect(
      lands.map(
        ({ access, grant, subjects: positions }) =>
          `${access} ${grant.basis} ${positions.map((position) => subjects[position]?.id).join()}`,
      ),
    ).to.have.members([`disclose public_task ${APPLICANT}`, `disclose consent ${SPOUSE}`]);
    expect(claims).to.deep.equal([{ consentId: 'c-1', revision: 2 }]);
  });

  it('lists a consent revision once, and also when the register then failed', async () => {
    const gate = fakeGate((_question, category) => (category.startsWith('property.') ? CONSENT : PUBLIC_TASK));
    const { ask, adapters } = country({ gate });
    adapters.get('property')!.intercept = () => Promise.reject(new RegisterFailure('property', 'deadline'));
    const { claims, disclosures } = await ask(HOUSING_QUEUE, { iin: APPLICANT });
    expect(claims).to.deep.equal([{ consentId: 'c-1', revision: 2 }]);
    const lands = disclosures.filter(({ category }) => category === 'property.land');
    expect(lands.map(({ access }) => access)).to.deep.equal(['asked']);
  });

  it('counts calls per register', async () => {
    const { ask } = country();
    const { registers } = await ask(HOUSING_QUEUE, { iin: APPLICANT });
    expect(registers.map(({ register, calls, failure }) => `${register} ${calls} ${String(failure)}`)).to.have.members([
      'population 2 null',
      'property 1 null',
      'address 1 null',
    ]);
    expect(registers[0]).to.include({ retrievedAt: '2026-11-23T10:00:00.000Z' });
  });
});
