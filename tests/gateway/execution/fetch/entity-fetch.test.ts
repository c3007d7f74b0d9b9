import { expect } from 'chai';
import {
  compileEntityFetch,
  type CompiledList,
  type EntityFetch,
} from '../../../../gateway/execution/fetch/entity-fetch.js';
import type { EntityList, RequiredSelection } from '../../../../gateway/planning/plan.js';
import { operationOf, smallFetches } from '../small-fetches.js';

const CONTEXT = smallFetches({
  people: {
    sdl: `
      scalar Iin
      type Query { person(iin: Iin! @subjectArgument): Person @category(name: "id") }
      interface Owner { name: String @category(name: "name") }
      type Person implements Owner @key(fields: "iin") @subject(field: "iin") {
        iin: Iin! @category(name: "id")
        name: String @category(name: "name")
        home: Home @category(name: "home")
        lands(year: Int): [String] @listSize(assumedSize: 2) @category(name: "land")
      }
      type Firm implements Owner @key(fields: "bin") { bin: ID @category(name: "firm") name: String @category(name: "firm.name") }
      type Home { city: String @category(name: "city") }
    `,
  },
});

const field = (to: string, ...selections: RequiredSelection[]): RequiredSelection => ({
  kind: 'field',
  from: to,
  to,
  selections,
});
const KEY: RequiredSelection = { kind: 'type', name: 'Person', selections: [field('__typename'), field('iin')] };

const list = (more: Partial<EntityList> = {}): EntityList => ({
  alias: '_entities',
  variable: 'representations',
  paths: [],
  requires: [KEY],
  inputRewrites: [],
  outputRewrites: [],
  ...more,
});

const compiled = (
  fields: string,
  lists: readonly EntityList[] = [list()],
  variables: readonly string[] = [],
  context = CONTEXT,
): EntityFetch =>
  compileEntityFetch(
    {
      kind: 'entities',
      register: 'people',
      operation: operationOf(`query($representations: [_Any!]!, $year: Int) { ${fields} }`),
      variables,
      lists,
    },
    context,
  );

const first = (fields: string, ...more: readonly Partial<EntityList>[]): CompiledList =>
  compiled(`_entities(representations: $representations) { ${fields} }`, [list(...more)]).lists[0]!;

describe('a fetch of entities, compiled', () => {
  it('reads for each list what its own field of the operation selects', () => {
    const { lists } = compiled(
      'a: _entities(representations: $x) { ... on Person { name } } b: _entities(representations: $y) { ... on Person { home { city } } }',
      [list({ alias: 'a' }), list({ alias: 'b' })],
    );
    const read = lists.map(({ position, selection }) => [
      position,
      selection.fields.filter(({ origin }) => origin === 'plan').map(({ name }) => name),
    ]);
    expect(read).to.deep.equal([
      [0, ['name']],
      [1, ['home']],
    ]);
  });

  it('checks the person of each entity by its number', () => {
    const { selection, subjectField } = first('... on Person { name }');
    expect(Object.fromEntries(selection.identity)).to.deep.equal({ Person: '_g_iin' });
    expect([subjectField('Person'), subjectField('Firm')]).to.deep.equal(['iin', undefined]);
  });

  it('counts the categories of the keys that are sent as read', () => {
    const { categories, keyCategories } = first('... on Person { name }');
    expect(Object.fromEntries(categories('Person'))).to.deep.equal({ name: 'disclose', id: 'read' });
    expect([...keyCategories('Person')]).to.deep.equal(['id']);
  });

  it('counts required fields, and what is sent of the objects below them', () => {
    const requires = [{ ...KEY, selections: [...KEY.selections, field('home', field('city'))] }];
    const { keyCategories } = first('... on Person { name }', { requires });
    expect([...keyCategories('Person')]).to.deep.equal(['id', 'home', 'city']);
  });

  it('asks for the categories of all types of an interface', () => {
    const { categories } = first('... on Person { name } ... on Firm { name }');
    expect([...categories('Owner').keys()]).to.include.members(['name', 'firm.name']);
    expect([...categories('Firm').keys()])
      .to.include('firm.name')
      .and.not.include('name');
  });

  it('knows of which types it selects anything', () => {
    const { asksOf } = first('... on Person { name }');
    expect([asksOf('Person'), asksOf('Firm')]).to.deep.equal([true, false]);
  });

  it('trims lists only if one has a bound', () => {
    expect(first('... on Person { lands }').trimLists).to.be.a('function');
    expect(first('... on Person { name }').trimLists).to.equal(undefined);
  });

  it('sends the client variables of the plan, and no variable of its own', () => {
    const [one] = compiled(
      '_entities(representations: $representations) { ... on Person { lands(year: $year) } }',
      undefined,
      ['year'],
    ).lists;
    const asked = one!.selection.fields.map((read) => ({ field: read, below: [] }));
    const { prepared, variables } = one!.preparedCalls.for('', () => asked);
    expect(variables).to.deep.equal(['year']);
    expect(prepared).to.have.nested.property('selection.operation.variableDefinitions').with.length(2);
  });
});
