import { expect } from 'chai';
import { parse, type OperationDefinitionNode } from 'graphql';
import { Attribution } from '../../../../gateway/planning/footprint/attribution.js';
import type { RequiredFields } from '../../../../gateway/planning/footprint/join-directives.js';
import type { EntityFetchNode, EntityList, RequiredSelection, Rewrite } from '../../../../gateway/planning/plan.js';
import { refusal } from '../preparing.js';

const field = (name: string, ...selections: RequiredSelection[]): RequiredSelection => ({
  kind: 'field',
  from: name,
  to: name,
  selections,
});

/** A fetch of persons at one path. `select`: the fields that it selects; `needs`: what their representations hold. */
function fetchOf(
  register: string,
  path: string,
  select: string,
  needs: readonly RequiredSelection[],
  list: Partial<EntityList> = {},
): EntityFetchNode {
  const operation = parse(`{ _entities { ... on Person { ${select} } } }`).definitions[0] as OperationDefinitionNode;
  return {
    kind: 'entities',
    register,
    operation,
    variables: [],
    lists: [
      {
        alias: '_entities',
        variable: 'representations',
        paths: [path.split('.').map((key) => ({ kind: 'field', key }))],
        requires: [{ kind: 'type', name: 'Person', selections: [field('__typename'), ...needs] }],
        inputRewrites: [],
        outputRewrites: [],
        ...list,
      },
    ],
  };
}

/** `@requires` of the fields of persons, by the name of the field. */
const requiring =
  (requires: Readonly<Record<string, readonly string[]>>): RequiredFields =>
  (_register, type, name) =>
    type === 'Person' ? (requires[name] ?? []) : [];

const paths = (found: Iterable<string>): readonly string[] => [...found].sort();

describe('planning: attribution', () => {
  const client = new Set(['person', 'person.rate', 'person.class', 'person.born']);

  it('attributes a path of the client to itself', () => {
    expect(paths(Attribution.of([], client, requiring({})).of('person.rate'))).to.deep.equal(['person.rate']);
  });

  it('attributes a path that nothing needs to the nearest path of the client around it', () => {
    const attribution = Attribution.of([], client, requiring({}));
    expect(paths(attribution.of('person.address.code'))).to.deep.equal(['person']);
    expect(paths(attribution.of('person.rate.code'))).to.deep.equal(['person.rate']);
  });

  it('attributes a key to every field of the fetch', () => {
    const taxes = fetchOf('taxes', 'person', 'rate class', [field('iin')]);
    const attribution = Attribution.of([taxes], client, requiring({}));
    expect(paths(attribution.of('person.iin'))).to.deep.equal(['person.class', 'person.rate']);
  });

  it('attributes what @requires reads to the fields that require it only', () => {
    const taxes = fetchOf('taxes', 'person', 'rate class', [field('iin'), field('born')]);
    const attribution = Attribution.of([taxes], client, requiring({ class: ['born'] }));
    expect(paths(attribution.of('person.born'))).to.deep.equal(['person.born', 'person.class']);
    expect(paths(attribution.of('person.iin'))).to.deep.equal(['person.class', 'person.rate']);
    expect(paths(attribution.required)).to.deep.equal(['person.born', 'person.iin']);
  });

  it('carries a need back over two hops', () => {
    const asked = new Set(['person', 'person.relief']);
    const benefits = fetchOf('benefits', 'person', 'benefit', [field('iin'), field('born')]);
    const taxes = fetchOf('taxes', 'person', 'relief', [field('iin'), field('benefit')]);
    const attribution = Attribution.of([benefits, taxes], asked, requiring({ relief: ['benefit'], benefit: ['born'] }));
    expect(paths(attribution.of('person.born'))).to.deep.equal(['person.relief']);
  });

  it('records every field that is sent, with what is inside it and who needs it, but no type names', () => {
    const taxes = fetchOf('taxes', 'person', 'office', [field('iin'), field('address', field('code'))]);
    const asked = new Set(['person', 'person.office']);
    const { sent } = Attribution.of([taxes], asked, requiring({ office: ['address', 'address.code'] }));
    expect(sent.map((one) => ({ ...one, clientPaths: [...one.clientPaths] }))).to.deep.equal([
      { register: 'taxes', type: 'Person', field: 'iin', within: [], clientPaths: ['person.office'] },
      { register: 'taxes', type: 'Person', field: 'address', within: [], clientPaths: ['person.office'] },
      { register: 'taxes', type: 'Person', field: 'code', within: ['address'], clientPaths: ['person.office'] },
    ]);
  });

  it('reads a requirement under the key that the data has, and sends it under the name that the register knows', () => {
    const from: RequiredSelection = { kind: 'field', from: '_r_born', to: 'born', selections: [] };
    const taxes = fetchOf('taxes', 'person', 'class', [from]);
    const attribution = Attribution.of([taxes], client, requiring({ class: ['born'] }));
    expect(paths(attribution.required)).to.deep.equal(['person._r_born']);
    expect(attribution.sent.map((one) => one.field)).to.deep.equal(['born']);
  });

  it('knows a field by the key that it has after the output rewrites', () => {
    const outputRewrites: readonly Rewrite[] = [{ kind: 'rename', path: [{ kind: 'key', name: '_x0' }], to: 'rate' }];
    const taxes = fetchOf('taxes', 'person', '_x0: rate', [field('iin')], { outputRewrites });
    expect(paths(Attribution.of([taxes], client, requiring({})).of('person.iin'))).to.deep.equal(['person.rate']);
  });

  it('says that what is sent in the name of an interface belongs to the interface', () => {
    const inputRewrites: readonly Rewrite[] = [
      { kind: 'set', path: [{ kind: 'key', name: '__typename' }], value: 'Holder' },
    ];
    const taxes = fetchOf('taxes', 'person', 'rate', [field('iin')], { inputRewrites });
    expect(Attribution.of([taxes], client, requiring({})).sent.map(({ type }) => type)).to.deep.equal(['Holder']);
  });

  it('refuses a plan whose requirements have no type', async () => {
    const taxes = fetchOf('taxes', 'person', 'rate', [], { requires: [field('iin')] });
    expect(await refusal(() => Attribution.of([taxes], client, requiring({})))).to.equal(
      'PLAN_FAILED unknown_requires',
    );
  });
});
