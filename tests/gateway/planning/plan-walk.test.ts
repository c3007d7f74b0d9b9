import { expect } from 'chai';
import { parse, type FieldNode } from 'graphql';
import {
  clientFields,
  dotted,
  fetchesOf,
  interfaceOf,
  joined,
  keyOf,
  listSelections,
  mapEntityFetches,
  mapFetches,
  renamedKey,
  rewritesBelow,
  rootFields,
} from '../../../gateway/planning/plan-walk.js';
import type {
  EntityFetchNode,
  EntityList,
  FetchNode,
  PlanNode,
  Rewrite,
  RewriteStep,
} from '../../../gateway/planning/plan.js';
import { pickOperation } from '../../../gateway/planning/document/parse.js';

const path = (text: string): readonly RewriteStep[] =>
  text.split('.').map((step) => (/^[A-Z]/.test(step) ? { kind: 'type', names: [step] } : { kind: 'key', name: step }));
const rename = (from: string, to: string): Rewrite => ({ kind: 'rename', path: path(from), to });
const REWRITES = [rename('person.spouse.things.Boat.x0', 'label'), rename('Person.x1', 'note')];

const rootFetch = (register: string, text = '{ a }'): FetchNode => ({
  kind: 'fetch',
  register,
  operation: pickOperation(parse(text), undefined),
  variables: [],
  outputRewrites: [],
});
const entityList = (alias: string, inputRewrites: readonly Rewrite[] = []): EntityList => ({
  alias,
  variable: 'representations',
  paths: [],
  requires: [],
  inputRewrites,
  outputRewrites: [],
});
const entityFetch = (register: string, text = '{ _entities { a } }'): EntityFetchNode => ({
  kind: 'entities',
  register,
  operation: pickOperation(parse(text), undefined),
  variables: [],
  lists: [entityList('_entities')],
});

/** A plan with every kind of node. */
const PLAN: PlanNode = {
  kind: 'sequence',
  nodes: [
    rootFetch('people'),
    { kind: 'parallel', nodes: [entityFetch('taxes'), rootFetch('land')] },
    { kind: 'condition', variable: 'x', ifTrue: entityFetch('benefits'), ifFalse: rootFetch('health') },
    { kind: 'condition', variable: 'y', ifFalse: rootFetch('schools') },
  ],
};
const registersOf = (plan: PlanNode): readonly string[] => fetchesOf(plan).map(({ register }) => register);

describe('planning: the fetches of a plan', () => {
  it('are found in order, on both sides of conditions', () => {
    expect(registersOf(PLAN)).to.deep.equal(['people', 'taxes', 'land', 'benefits', 'health', 'schools']);
  });

  it('are replaced where they are, and nothing else is', () => {
    const changed = mapFetches(PLAN, (fetch) => ({ ...fetch, register: `new ${fetch.register}` }));
    expect(registersOf(changed)).to.deep.equal(registersOf(PLAN).map((register) => `new ${register}`));
    expect(mapFetches(PLAN, (fetch) => fetch)).to.deep.equal(PLAN);
  });

  it('may be replaced if they are of entities, without touching root fetches', () => {
    const changed = mapEntityFetches(PLAN, (fetch) => ({ ...fetch, register: `new ${fetch.register}` }));
    expect(registersOf(changed)).to.deep.equal(['people', 'new taxes', 'land', 'new benefits', 'health', 'schools']);
  });
});

describe('planning: what a fetch asks for', () => {
  it('are the root fields, in fragments too, without __typename', () => {
    const fetch = rootFetch('people', '{ x: a __typename ... on Query { b ... { c } } }');
    expect(rootFields(fetch).map(keyOf)).to.deep.equal(['x', 'b', 'c']);
  });

  it('are for entities the selections of one list, by its alias', () => {
    const fetch = entityFetch('taxes', '{ _entities { a } _e1: _entities { b c } }');
    const keys = (alias: string) => listSelections(fetch, entityList(alias)).map((one) => keyOf(one as FieldNode));
    expect(keys('_entities')).to.deep.equal(['a']);
    expect(keys('_e1')).to.deep.equal(['b', 'c']);
    expect(keys('_e2')).to.deep.equal([]);
  });

  it('is asked in the name of an interface if the type name is set', () => {
    const set = (key: string): Rewrite => ({ kind: 'set', path: [{ kind: 'key', name: key }], value: 'Holder' });
    expect(interfaceOf(entityList('_entities', [set('__typename')]))).to.equal('Holder');
    expect(interfaceOf(entityList('_entities', [set('other')]))).to.equal(undefined);
    expect(interfaceOf(entityList('_entities'))).to.equal(undefined);
  });

  it('has a path without lists and type conditions', () => {
    expect(
      dotted([
        { kind: 'field', key: 'person' },
        { kind: 'type', names: ['Person'] },
        { kind: 'field', key: 'children' },
        { kind: 'list' },
      ]),
    ).to.equal('person.children');
  });
});

describe('planning: output rewrites', () => {
  it('that hold below a key lose it and what stands before it', () => {
    expect(rewritesBelow(REWRITES, 'person')).to.deep.equal([rename('spouse.things.Boat.x0', 'label')]);
    expect(rewritesBelow([rename('Person.spouse.x0', 'label')], 'spouse')).to.deep.equal([rename('x0', 'label')]);
    expect(rewritesBelow(REWRITES, 'x1')).to.deep.equal([]);
    expect(rewritesBelow(REWRITES, 'other')).to.deep.equal([]);
  });

  it('give the key after them, behind a type or not', () => {
    expect(renamedKey(REWRITES, 'x1')).to.equal('note');
    expect(renamedKey(REWRITES, 'person')).to.equal('person');
    expect(renamedKey([rename('Boat.x0', 'label')], 'x0')).to.equal('label');
  });
});

describe('planning: client fields', () => {
  it('are paths of response keys, through fragments, without meta fields', () => {
    const paths = clientFields(pickOperation(parse('{ a: b { c ... on T { d: e { f } __typename } } }'), undefined));
    expect([...paths]).to.deep.equal(['a', 'a.c', 'a.d', 'a.d.f']);
  });

  it('join without a dot at the top', () => {
    expect([joined('', 'a'), joined('a', 'b')]).to.deep.equal(['a', 'a.b']);
  });
});
