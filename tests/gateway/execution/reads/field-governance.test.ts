import { expect } from 'chai';
import { fieldGovernance, type GovernanceSources } from '../../../../gateway/execution/reads/field-governance.js';
import type { FootprintEntry } from '../../../../gateway/planning/plan.js';
import { world } from '../harness.js';

const { governance: index } = world(
  {
    people: {
      sdl: `
        scalar Iin
        type Query { person(iin: Iin! @subjectArgument): Person @category(name: "id") }
        type Person @key(fields: "iin") @subject(field: "iin") @category(name: "name") {
          iin: Iin! @category(name: "id")
          name: String
          born: String
          age: Int @derived(from: ["born"], by: "age") @category(name: "derived")
          boss: Person @subject(field: "iin", role: "boss")
          friend: Person
          home: Home
          tags: [String] @listSize(assumedSize: 3)
        }
        type Home { city: String @category(name: "home") rooms: Int }
      `,
    },
  },
  { unlinted: true },
).catalogue;

const derive = (): number => 1;
const governing = (more: Partial<GovernanceSources> = {}) =>
  fieldGovernance('people', {
    index,
    derivations: new Map([['age', derive]]),
    footprint: [],
    rootTypes: new Set(['Query']),
    ...more,
  });

describe('the governance of a field', () => {
  it('has the category that the register declares for the field, else for its type', () => {
    const { ruleFor, categoryOf } = governing();
    expect(ruleFor('Person', 'iin').category).to.equal('id');
    expect(ruleFor('Person', 'name').category).to.equal('name');
    expect(categoryOf('Home', 'rooms')).to.equal(undefined);
  });

  it('throws for a field without a category', () => {
    expect(() => governing().ruleFor('Home', 'rooms')).to.throw('people: Home.rooms has no category');
  });

  it('asks for no category where the catalogue has none', () => {
    const open = governing({ index: { ...index, categories: new Map() } });
    expect(open.governed).to.equal(false);
    expect(open.ruleFor('Home', 'rooms')).to.deep.equal({
      category: undefined,
      access: 'read',
      derivation: undefined,
      bound: undefined,
    });
    expect(governing().governed).to.equal(true);
  });

  it('has the bound of a list', () => {
    expect(governing().ruleFor('Person', 'tags').bound).to.deep.equal({ kind: 'size', size: 3 });
    expect(governing().ruleFor('Person', 'name').bound).to.equal(undefined);
  });
});

describe('the access to a field', () => {
  const access = (...footprint: readonly Partial<FootprintEntry>[]) =>
    governing({ footprint: footprint as readonly FootprintEntry[] }).ruleFor('Person', 'name').access;
  const use = { register: 'people', coordinate: 'Person.name' };

  it('is read only if every use in the document is a read', () => {
    expect(access({ ...use, access: 'read' }, { ...use, access: 'read' })).to.equal('read');
    expect(access({ ...use, access: 'read' }, { ...use, access: 'disclose' })).to.equal('disclose');
  });

  it('is disclose if the footprint does not have the field in this register', () => {
    expect(access()).to.equal('disclose');
    expect(access({ ...use, register: 'tax', access: 'read' })).to.equal('disclose');
    expect(access({ ...use, coordinate: 'Person.born', access: 'read' })).to.equal('disclose');
  });
});

describe('the derivation of a field', () => {
  it('names its function, and its sources with their categories', () => {
    const { ruleFor } = governing();
    expect(ruleFor('Person', 'age').derivation).to.deep.equal({
      derive,
      sources: [{ name: 'born', responseKey: '_d_born', category: 'name' }],
    });
    expect(ruleFor('Person', 'born').derivation).to.equal(undefined);
  });

  it('throws for a function that does not exist, and for a source without a category', () => {
    expect(() => governing({ derivations: new Map() }).ruleFor('Person', 'age')).to.throw(
      'people: Person.age is derived by age, which does not exist',
    );
    const broken = { ...index, derived: () => ({ from: ['rooms'], by: 'age' }) };
    expect(() => governing({ index: broken }).ruleFor('Home', 'city')).to.throw('people: Home.rooms has no category');
  });
});

describe('the person that an object below a field is about', () => {
  const { subjectRelation, subjectField } = governing();

  it('is named by an argument below a root type', () => {
    expect(subjectRelation('Query', 'person', new Set(['Person']))).to.deep.equal({
      relation: { kind: 'named' },
      link: undefined,
    });
  });

  it('is another person below a link', () => {
    const link = { field: 'iin', role: 'boss' };
    expect(subjectRelation('Person', 'boss', new Set(['Person']))).to.deep.equal({
      relation: { kind: 'linked', field: 'iin' },
      link,
    });
  });

  it('is another person, of a role that no rule knows, below a field that leads to people and states no role', () => {
    expect(subjectRelation('Person', 'friend', new Set(['Node', 'Person'])).link).to.deep.equal({
      field: 'iin',
      role: 'unstated',
    });
  });

  it('is the same person below any other field', () => {
    expect(subjectRelation('Person', 'home', new Set(['Home']))).to.deep.equal({
      relation: { kind: 'same' },
      link: undefined,
    });
  });

  it('has the number in the field that the type names', () => {
    expect([subjectField('Person'), subjectField('Home')]).to.deep.equal(['iin', undefined]);
  });
});
