import { expect } from 'chai';
import { country, withholding } from '../country.js';
import { APPLICANT, askedOf, CHILD, fakeGate, plain, SECOND_CHILD, SPOUSE, errorsOf, world } from '../harness.js';

const FAMILY =
  'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } spouse { lands { area } } children { lands { area } } } }';

describe('an entity fetch', () => {
  it('asks for people with equal grants in one group, and for others in another, in one call', async () => {
    const { ask, adapters } = country({ gate: withholding(['property.land', CHILD], ['property.buildings', SPOUSE]) });
    await ask(FAMILY.replaceAll('lands { area }', 'lands { area } buildings { area }'), { iin: APPLICANT });
    const { calls } = adapters.get('property')!;
    expect(calls).to.have.length(1);
    const groups = calls[0]!.groups.map(({ keys = [], fields }) => ({
      people: keys.map((key) => (key as { iin: string }).iin).sort(),
      fields: fields.filter((field) => field !== '_g_iin'),
    }));
    expect(groups).to.have.deep.members([
      { people: [APPLICANT, SECOND_CHILD].sort(), fields: ['lands.area', 'buildings.area'] },
      { people: [SPOUSE], fields: ['lands.area'] },
      { people: [CHILD], fields: ['buildings.area'] },
    ]);
  });

  it('gives each object its own copy of a record that is asked for once', async () => {
    const { ask, adapters } = world(
      {
        docs: {
          sdl: 'type Query { docs: [Doc] } type Doc @key(fields: "id") { id: ID! }',
          roots: { docs: () => [1, 2, 1].map((id) => ({ __typename: 'Doc', id: String(id) })) },
        },
        tags: {
          sdl: 'type Doc @key(fields: "id") { id: ID! tag: Tag } type Tag { name: String }',
          entity: ({ id }) => ({ __typename: 'Doc', id, tag: { __typename: 'Tag', name: `n${String(id)}` } }),
        },
      },
      { unlinted: true },
    );
    const { data } = await ask('{ docs { tag { name } } }');
    expect(adapters.get('tags')!.calls[0]!.groups[0]!.keys).to.have.length(2);
    expect(plain(data)).to.deep.equal({ docs: ['n1', 'n2', 'n1'].map((name) => ({ tag: { name } })) });
    const [first, , third] = (data as { docs: { tag: object }[] }).docs;
    expect(first!.tag).to.not.equal(third!.tag);
  });

  it('sets the fault of a failed call on every object that it would have completed', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = () => Promise.reject(new Error('down'));
    const outcome = await ask(FAMILY, { iin: APPLICANT });
    expect(errorsOf(outcome)).to.have.members(
      ['citizen', 'citizen.spouse', 'citizen.children.0', 'citizen.children.1'].map(
        (path) => `${path}.lands: DOWNSTREAM_SERVICE_ERROR`,
      ),
    );
    const lands = outcome.disclosures.filter(({ category }) => category === 'property.land');
    expect(lands.map(({ access }) => access)).to.deep.equal(['asked']);
  });

  it('sets the first failure of a record that the register could not read on that object only', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = async (call, answer) => {
      const [group] = answer();
      const applicant = call.groups[0]!.keys!.findIndex((key) => key['iin'] === APPLICANT);
      const records = group!.records.map((record, position) => (position === applicant ? null : record));
      return [
        {
          records,
          errors: [
            { path: [applicant], reason: 'deadline' },
            { path: [applicant], reason: 'graphql_errors' },
          ],
        },
      ];
    };
    const outcome = await ask(FAMILY, { iin: APPLICANT });
    expect(errorsOf(outcome)).to.deep.equal(['citizen.lands: GATEWAY_TIMEOUT']);
    expect(plain(outcome.data)).to.have.nested.property('citizen.spouse.lands[0].area', '6.00');
  });

  it('tells of a code that the mapping declares to be null as a finding of its object, without an error', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = async (_call, answer) => {
      const [group] = answer();
      (group!.records[0]!['lands'] as { area: unknown }[])[0]!.area = null;
      return [
        {
          records: group!.records,
          errors: [],
          findings: [{ path: [0, 'lands', 0, 'area'], field: { type: 'Land', name: 'area' } }],
        },
      ];
    };
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }', { iin: APPLICANT });
    expect(outcome.errors).to.deep.equal([]);
    expect(plain(outcome.data)).to.have.nested.property('citizen.lands[0].area', null);
    const found = outcome.records.flatMap(({ path, findings }) => findings.map(({ rule }) => [path.join('.'), rule]));
    expect(found).to.deep.equal([['citizen.lands.0', 'property.Land.area#code']]);
  });

  it('leaves the fields of an entity that the register does not have empty, without an error', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = async (_call, answer) => {
      const [group] = answer();
      return [{ records: group!.records.map(() => null), errors: [] }];
    };
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }', { iin: APPLICANT });
    expect([plain(outcome.data), outcome.errors]).to.deep.equal([{ citizen: { lands: null } }, []]);
  });

  it('makes no call when the gate leaves no key open, and none once the execution has ended', async () => {
    const gate = withholding('property.land');
    const { ask, calls } = country({ gate });
    await ask(FAMILY, { iin: APPLICANT });
    expect(askedOf(calls, 'property')).to.deep.equal([]);
    const atomic = country({ gate: withholding(['property.land', CHILD]) });
    await atomic.ask(FAMILY, { iin: APPLICANT }, { atomic: true });
    expect(askedOf(atomic.calls, 'property'), 'an atomic operation ends at the first missing basis').to.deep.equal([]);
  });

  it('records a person as asked about, and what was read only after the answer', async () => {
    const { ask, adapters } = country({ gate: fakeGate() });
    adapters.get('population')!.intercept = () => Promise.reject(new Error('down'));
    const { subjects, disclosures } = await ask(FAMILY, { iin: APPLICANT });
    expect(subjects.map(({ id }) => id)).to.deep.equal([APPLICANT]);
    expect(disclosures.map(({ access, category }) => `${access} ${category}`)).to.deep.equal([
      'asked population.identifier',
      'asked population.family',
    ]);
  });
});
