import { expect } from 'chai';
import type { PlanNode } from '../../../../gateway/planning/plan.js';
import { country, withholding } from '../country.js';
import { APPLICANT, askedOf, CHILD, plain, SECOND_CHILD, SPOUSE, errorsOf } from '../harness.js';

const FAMILY =
  'query Q($iin: Iin!) { citizen(iin: $iin) { ...M spouse { ...M } children { ...M } } } fragment M on Citizen { iin lands { area } vehicles { plate } }';

describe('execution: the gate before an entity fetch', () => {
  it('groups keys by what was granted, in one call', async () => {
    const { ask, calls } = country({ gate: withholding(['property.vehicles', SPOUSE, CHILD]) });
    const outcome = await ask(FAMILY, { iin: APPLICANT });
    const property = calls.filter(({ register }) => register === 'property');
    expect(property).to.have.length(1);
    const groups = property[0]!.groups.map(({ keys, fields }) => ({
      keys: keys?.map((key) => (key as { iin: string }).iin).sort(),
      fields: fields.filter((name) => !name.startsWith('_g_')),
    }));
    expect(groups).to.have.deep.members([
      { keys: [CHILD, SPOUSE].sort(), fields: ['lands.area'] },
      { keys: [APPLICANT, SECOND_CHILD].sort(), fields: ['lands.area', 'vehicles.plate'] },
    ]);
    expect(errorsOf(outcome)).to.deep.equal([
      'citizen.spouse.vehicles: CONSENT_REQUIRED',
      'citizen.children.0.vehicles: CONSENT_REQUIRED',
    ]);
  });

  it('counts the number that is sent as read: without a basis for it no one is asked about', async () => {
    const { ask, calls, gate } = country({ gate: withholding('population.identifier') });
    await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName lands { area } } }', { iin: APPLICANT });
    expect(calls).to.have.length(0);
    expect(gate.batches[0]?.[0]?.categories).to.deep.include({ category: 'population.identifier', access: 'read' });
  });

  it('reports at the fields why they are null if only the key is withheld', async () => {
    const { ask, calls } = country({ gate: withholding(['population.identifier', SPOUSE]) });
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { lastName spouse { lastName lands { area } } } }',
      { iin: APPLICANT },
    );
    expect(askedOf(calls, 'property')).to.deep.equal([]);
    expect(errorsOf(outcome)).to.deep.equal(['citizen.spouse: CONSENT_REQUIRED']);
  });

  it('withholds the same for every content of the register: before the call, not after it', async () => {
    const { ask, adapters } = country({ gate: withholding('property.vehicles') });
    adapters.get('property')!.intercept = async (call) =>
      call.groups.map(({ keys }) => ({ records: keys!.map(() => null), errors: [] }));
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } vehicles { plate } } }', {
      iin: APPLICANT,
    });
    expect(errorsOf(outcome)).to.deep.equal(['citizen.vehicles: CONSENT_REQUIRED']);
    expect(plain(outcome.data)).to.deep.equal({ citizen: { lands: null, vehicles: null } });
  });

  it('releases nothing of entities that a register returns in the wrong order', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = async (_call, answer) =>
      answer().map((group) => ({ ...group, records: [...group.records].reverse() }));
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } spouse { lands { area } } } }',
      { iin: APPLICANT },
    );
    expect(plain(outcome.data)).to.deep.equal({ citizen: { lands: null, spouse: { lands: null } } });
    expect(errorsOf(outcome)).to.deep.equal([
      'citizen.lands: REGISTER_MALFORMED_RESPONSE',
      'citizen.spouse.lands: REGISTER_MALFORMED_RESPONSE',
    ]);
  });

  it('does not take a client alias for a key', async () => {
    const { ask, calls } = country();
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { x: iin iin: lastName lands { area } } }', {
      iin: APPLICANT,
    });
    expect(askedOf(calls, 'property')).to.deep.equal([[APPLICANT]]);
    expect(plain(outcome.data)).to.have.nested.property('citizen.iin', 'Applicant');
    expect(plain(outcome.data)).to.have.nested.property('citizen.x', APPLICANT);
  });

  it('does not ask about a key of another person than the one whose record held the object', async () => {
    const { plan, run, calls } = country();
    const planned = await plan('query Q($iin: Iin!) { citizen(iin: $iin) { lastName lands { area } } }');
    const outcome = await run(
      { ...planned, plan: keyedBy('lastName', planned.plan!) },
      { variables: { iin: APPLICANT } },
    );
    expect(askedOf(calls, 'property')).to.deep.equal([]);
    expect(errorsOf(outcome)).to.deep.equal(['citizen.lands: REGISTER_MALFORMED_RESPONSE']);
  });

  it('decides by the path that led to a person: the same person reached twice is asked about twice', async () => {
    const { ask, gate, calls } = country();
    await ask(
      'query Q($a: Iin!, $b: Iin!) { a: citizen(iin: $a) { spouse { lands { area } } } b: citizen(iin: $b) { lands { area } } }',
      { a: APPLICANT, b: SPOUSE },
    );
    const property = gate.batches.find((batch) =>
      batch.some(({ categories }) => categories.some(({ category }) => category === 'property.land')),
    );
    expect(property?.map(({ subject }) => `${subject.role} ${subject.id}`).sort()).to.deep.equal([
      `self ${SPOUSE}`,
      `spouse ${SPOUSE}`,
    ]);
    expect(askedOf(calls, 'property')).to.deep.equal([[SPOUSE]]);
  });
});

/** The plan with every key read from another field of the entity. */
function keyedBy(field: string, node: PlanNode): PlanNode {
  const text = JSON.stringify(node, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'from' in value && value.from === 'iin'
      ? { ...value, from: field }
      : value,
  );
  return JSON.parse(text) as PlanNode;
}
