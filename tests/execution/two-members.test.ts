import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { APPLICANT, askedOf, CHILD, fakeGate, NOBODY, plain, SPOUSE, told, world, type Thing } from './harness.js';

const sdl = (register: string): string => readFileSync(new URL(`../../schemas/registers/${register}/schema.graphql`, import.meta.url), 'utf8').replace(/extend schema[\s\S]*?\)\s*@link\([^)]*\)/, '');
const DOCUMENT = readFileSync(new URL('../../schemas/operations/housing/HousingQueue.graphql', import.meta.url), 'utf8');


const person = (iin: string, more: Record<string, unknown> = {}): Thing => ({ __typename: 'Citizen', iin, lastName: `L${iin}`, firstName: 'F', middleName: null, birthDate: '1980-01-01', lifeStatus: 'ALIVE', ...more });
const PEOPLE = new Map<string, Thing>([
  [SPOUSE, person(SPOUSE)],
  [CHILD, person(CHILD)],
]);
PEOPLE.set(APPLICANT, person(APPLICANT, { spouse: PEOPLE.get(SPOUSE), children: [PEOPLE.get(CHILD)] }));

const land = (iin: string): Thing => ({ __typename: 'Land', cadastralNumber: iin, area: '6.00', use: 'U', share: '1/1', ownedSince: '2020-01-01' });

function country(gate = fakeGate()) {
  return world(
    {
      population: { sdl: sdl('population'), roots: { citizen: ({ iin }) => PEOPLE.get(String(iin)) }, entity: ({ iin }) => PEOPLE.get(String(iin)) },
      address: { sdl: sdl('address'), entity: ({ iin }) => ({ __typename: 'Citizen', iin, registration: { __typename: 'Registration', region: 'R', city: 'C' }, formerRegistrations: [] }) },
      property: { sdl: sdl('property'), entity: ({ iin }) => ({ __typename: 'Citizen', iin, lands: [land(String(iin))], buildings: [], vehicles: [] }) },
    },
    { gate, derivationsBy: { birthYear: () => 1980, ageGroup: () => 'ADULT', pseudonym: () => 'p' } },
  );
}

describe('execution: two members, one of whom consents', () => {
  const gate = () => fakeGate(({ subject }, category) => !category.startsWith('property.') || subject.id !== SPOUSE);

  it('asks the register of property about those who consent only', async () => {
    const { ask, calls } = country(gate());
    await ask(DOCUMENT, { iin: APPLICANT });
    expect(askedOf(calls, 'property').flat().sort()).to.deep.equal([APPLICANT, CHILD].sort());
  });

  it('answers for those, and says for the other where a consent is missing', async () => {
    const { ask } = country(gate());
    const outcome = await ask(DOCUMENT, { iin: APPLICANT });
    expect(outcome.data).to.have.nested.property('citizen.lands[0].cadastralNumber', APPLICANT);
    expect(outcome.data).to.have.nested.property('citizen.children[0].lands[0].cadastralNumber', CHILD);
    expect(outcome.data).to.have.nested.property('citizen.spouse.lastName', `L${SPOUSE}`);
    expect(told(outcome)).to.deep.equal(['citizen.spouse.lands: CONSENT_REQUIRED', 'citizen.spouse.buildings: CONSENT_REQUIRED', 'citizen.spouse.vehicles: CONSENT_REQUIRED']);
    expect(outcome.withheld.map(({ category }) => category)).to.deep.equal(['property.land', 'property.buildings', 'property.vehicles']);
    expect(outcome.errors[0]?.extensions).to.include({ consentRequest: 'sealed:12:property.land', whoMustAct: 'citizen', requestId: 'r-1' });
    expect(plain(outcome.data)).to.have.nested.property('citizen.spouse.lands', null);
  });

  it('decides once for all members of a fetch', async () => {
    const { ask, gate: asked } = country(gate());
    await ask(DOCUMENT, { iin: APPLICANT });
    const property = asked.batches.filter((batch) => batch.some(({ categories }) => categories.some(({ category }) => category.startsWith('property.'))));
    expect(property).to.have.length(1);
    expect(property[0]?.map(({ subject }) => `${subject.role} ${subject.id} ${subject.via?.id ?? ''}`).sort()).to.deep.equal(
      [`self ${APPLICANT} `, `spouse ${SPOUSE} ${APPLICANT}`, `child ${CHILD} ${APPLICANT}`].sort(),
    );
  });

  it('makes no call when nothing is granted of the person asked about, whether anybody has the number or not', async () => {
    const { ask, calls } = country(fakeGate(() => false));
    const known = await ask(DOCUMENT, { iin: APPLICANT });
    const unknown = await ask(DOCUMENT, { iin: NOBODY });
    expect(calls).to.have.length(0);
    expect(plain(known)).to.deep.equal(plain(unknown));
    expect(told(known)).to.deep.equal(['citizen: CONSENT_REQUIRED']);
    expect(known.subjects).to.deep.equal([]);
  });
});
