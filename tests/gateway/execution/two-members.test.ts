import { expect } from 'chai';
import { country, HOUSING_QUEUE, withholding } from './country.js';
import {
  APPLICANT,
  askedOf,
  CHILD,
  fakeGate,
  UNKNOWN_NUMBER,
  plain,
  SECOND_CHILD,
  SPOUSE,
  errorsOf,
} from './harness.js';

const PROPERTY = ['property.land', 'property.buildings', 'property.vehicles'] as const;

describe('execution: a family with one member who does not consent', () => {
  const gate = () => withholding(...PROPERTY.map((category) => [category, SPOUSE] as const));

  it('asks the register of property about the others only', async () => {
    const { ask, calls } = country({ gate: gate() });
    await ask(HOUSING_QUEUE, { iin: APPLICANT });
    expect(askedOf(calls, 'property').flat().sort()).to.deep.equal([APPLICANT, CHILD, SECOND_CHILD].sort());
  });

  it('answers for the others, and says whose consent is missing where', async () => {
    const { ask } = country({ gate: gate() });
    const outcome = await ask(HOUSING_QUEUE, { iin: APPLICANT });
    expect(plain(outcome.data)).to.have.nested.property('citizen.lands[1].cadastralNumber', `${APPLICANT}/2`);
    expect(plain(outcome.data)).to.have.nested.property(
      'citizen.children[1].lands[0].cadastralNumber',
      `${SECOND_CHILD}/1`,
    );
    expect(plain(outcome.data)).to.have.nested.property('citizen.spouse.lastName', 'Spouse');
    expect(plain(outcome.data)).to.have.nested.property('citizen.spouse.lands', null);
    expect(errorsOf(outcome)).to.deep.equal([
      'citizen.spouse.lands: CONSENT_REQUIRED',
      'citizen.spouse.buildings: CONSENT_REQUIRED',
      'citizen.spouse.vehicles: CONSENT_REQUIRED',
    ]);
    expect(outcome.withheld.map(({ category }) => category)).to.deep.equal(PROPERTY);
    expect(outcome.errors[0]?.extensions).to.include({
      consentRequest: 'sealed:12:property.land',
      whoMustAct: 'citizen',
      requestId: 'r-1',
    });
  });

  it('decides on all members of a fetch at once, each by the path that led to them', async () => {
    const { ask, gate: asked } = country({ gate: gate() });
    await ask(HOUSING_QUEUE, { iin: APPLICANT });
    const batches = asked.batches.filter((batch) =>
      batch.some(({ categories }) => categories.some(({ category }) => category === 'property.land')),
    );
    expect(batches).to.have.length(1);
    expect(
      batches[0]?.map(({ subject }) => `${subject.role} ${subject.id} ${subject.via?.id ?? ''}`).sort(),
    ).to.deep.equal(
      [
        `self ${APPLICANT} `,
        `spouse ${SPOUSE} ${APPLICANT}`,
        `child ${CHILD} ${APPLICANT}`,
        `child ${SECOND_CHILD} ${APPLICANT}`,
      ].sort(),
    );
  });

  it('asks each register once for everyone', async () => {
    const { ask, calls } = country();
    await ask(HOUSING_QUEUE, { iin: APPLICANT });
    expect(calls.map(({ register }) => register).sort()).to.deep.equal([
      'address',
      'population',
      'population',
      'property',
    ]);
  });

  it('makes no call when nothing is granted of the person asked about, whether anyone has the number or not', async () => {
    const { ask, calls } = country({ gate: fakeGate(() => false) });
    const known = await ask(HOUSING_QUEUE, { iin: APPLICANT });
    const unknown = await ask(HOUSING_QUEUE, { iin: UNKNOWN_NUMBER });
    expect(calls).to.have.length(0);
    expect(plain(known)).to.deep.equal(plain(unknown));
    expect(errorsOf(known)).to.deep.equal(['citizen: CONSENT_REQUIRED']);
    expect(known.subjects).to.deep.equal([]);
  });
});
