import { expect } from 'chai';
import { parse } from 'graphql';
import type { PlannedDocument } from '../../../../gateway/planning/plan.js';
import { hardenAliases } from '../../../../gateway/planning/document/aliases.js';
import { APPLICANT, plain, errorsOf, world, type Thing, type World } from '../harness.js';

const SDL = `
  scalar Iin
  scalar Blob
  enum Colour { RED BLUE @inaccessible }
  interface Pet @category(name: "zoo.pets") { name: String! friend: Pet }
  type Dog implements Pet @category(name: "zoo.pets") { name: String! friend: Pet barks: Boolean }
  type Cat implements Pet @category(name: "zoo.pets") { name: String! friend: Pet lives: Int }
  type Ghost implements Pet @category(name: "zoo.pets") @inaccessible { name: String! friend: Pet }
  union Thing = Dog | Cat
  type Holder @category(name: "zoo.pets") {
    must: String!
    may: String
    colour: Colour
    count: Int
    names: [String!]
    inner: Holder
    strict: Holder!
    pets: [Pet]
    strictPets: [Pet!]
    thing: Thing
    blob: Blob
    constructor: String
  }
  type Query { holder(iin: Iin! @subjectArgument): Holder @category(name: "zoo.pets") }
`;

const holder = (held: Readonly<Record<string, unknown>>): Thing => ({ __typename: 'Holder', must: 'm', ...held });

function zoo(held: Readonly<Record<string, unknown>>): World {
  return world({ zoo: { sdl: SDL, roots: { holder: () => holder(held) } } }, { unlinted: true });
}

const WHO = { iin: APPLICANT };
const ASK = (fields: string): string => `query Q($iin: Iin!) { holder(iin: $iin) { ${fields} } }`;

describe('execution: the client’s shape', () => {
  it('keeps the client’s order and aliases', async () => {
    const { ask } = zoo({ may: 'y', count: 3 });
    const outcome = await ask(ASK('b: count toString: count constructor may zz: __typename'), WHO);
    expect(JSON.stringify(outcome.data)).to.equal(
      '{"holder":{"b":3,"toString":3,"constructor":null,"may":"y","zz":"Holder"}}',
    );
  });

  it('would keep even __proto__, which planning refuses', async () => {
    const { plan, run } = zoo({ may: 'y' });
    const planned = JSON.parse(
      JSON.stringify(await plan(ASK('x: may'))).replaceAll('_a_x', '_a___proto__'),
    ) as PlannedDocument;
    expect(JSON.stringify((await run(planned, { variables: WHO })).data)).to.equal('{"holder":{"__proto__":"y"}}');
    expect(Object.getPrototypeOf({})).to.not.have.property('y');
  });

  it('bubbles a null to the nearest nullable position and reports where the null was', async () => {
    const { ask } = zoo({ inner: holder({ must: null }) });
    const outcome = await ask(ASK('may inner { inner: may must }'), WHO);
    expect(plain(outcome.data)).to.deep.equal({ holder: { may: null, inner: null } });
    expect(errorsOf(outcome)).to.deep.equal(['holder.inner.must: NULL_IN_NON_NULL']);
  });

  it('bubbles through non-null objects and lists', async () => {
    const { ask } = zoo({
      inner: holder({ strict: holder({ must: undefined }) }),
      names: ['a', null],
      strictPets: [{ __typename: 'Dog', name: 'Rex' }, null],
    });
    const outcome = await ask(ASK('inner { strict { must } } names strictPets { name }'), WHO);
    expect(plain(outcome.data)).to.deep.equal({ holder: { inner: null, names: null, strictPets: null } });
    expect(errorsOf(outcome)).to.deep.equal([
      'holder.inner.strict.must: NULL_IN_NON_NULL',
      'holder.names.1: NULL_IN_NON_NULL',
      'holder.strictPets.1: NULL_IN_NON_NULL',
    ]);
  });

  it('reports no second error where the register reported the first', async () => {
    const { ask, adapters } = zoo({ inner: holder({ must: null }) });
    adapters.get('zoo')!.intercept = async (_call, answer) => [
      { ...answer()[0]!, errors: [{ path: [0, 'holder', 'inner', 'must'], reason: 'graphql_errors' }] },
    ];
    expect(errorsOf(await ask(ASK('inner { must }'), WHO))).to.deep.equal([
      'holder.inner.must: DOWNSTREAM_SERVICE_ERROR',
    ]);
  });

  it('projects interfaces and unions by what an object says it is', async () => {
    const dog = { __typename: 'Dog', name: 'Rex', barks: true, friend: { __typename: 'Cat', name: 'Tom', lives: 9 } };
    const { ask } = zoo({ pets: [dog, { __typename: 'Cat', name: 'Tom', lives: 7 }], thing: dog });
    const outcome = await ask(
      ASK(
        'pets { __typename name ... on Dog { barks friend { ... on Cat { lives } } } ...C } thing { ... on Dog { n: name } ...C }',
      ) + ' fragment C on Cat { lives }',
      WHO,
    );
    expect(plain(outcome.data)).to.deep.equal({
      holder: {
        pets: [
          { __typename: 'Dog', name: 'Rex', barks: true, friend: { lives: 9 } },
          { __typename: 'Cat', name: 'Tom', lives: 7 },
        ],
        thing: { n: 'Rex' },
      },
    });
  });

  it('shows neither inaccessible types nor inaccessible enum values', async () => {
    const { ask } = zoo({ colour: 'BLUE', pets: [{ __typename: 'Ghost', name: 'Boo' }] });
    expect(plain((await ask(ASK('colour pets { name }'), WHO)).data)).to.deep.equal({
      holder: { colour: null, pets: [null] },
    });
  });

  it('accepts no object as a leaf, no leaf as an object, and only a list as a list', async () => {
    const { ask, adapters } = zoo({});
    const held = { __typename: 'Holder', may: { secret: 1 }, inner: 'text', names: 'text', blob: { any: ['thing'] } };
    adapters.get('zoo')!.intercept = async () => [{ records: [{ holder: held }], errors: [] }];
    const outcome = await ask(ASK('may inner { may } names blob'), WHO);
    expect(plain(outcome.data)).to.deep.equal({
      holder: { may: null, inner: null, names: null, blob: { any: ['thing'] } },
    });
    expect(errorsOf(outcome)).to.deep.equal([
      'holder.may: REGISTER_MALFORMED_RESPONSE',
      'holder.inner: REGISTER_MALFORMED_RESPONSE',
      'holder.names: REGISTER_MALFORMED_RESPONSE',
    ]);
  });

  it('evaluates @skip and @include, and asks for nothing that they leave out', async () => {
    const { plan, run, calls } = zoo({ may: 'y', count: 3, inner: holder({ count: 4 }) });
    const planned = await plan(
      `query Q($iin: Iin!, $a: Boolean!, $b: Boolean = false) { holder(iin: $iin) { may @skip(if: $a) count @include(if: $b) inner @include(if: $a) { count } ...F @skip(if: $b) } } fragment F on Holder { must }`,
    );
    const asked: string[] = [];
    for (const [a, b] of [
      [true, false],
      [false, true],
      [true, true],
      [false, false],
      [true, false],
    ] as const) {
      const outcome = await run(planned, { variables: { ...WHO, a, b } });
      asked.push(JSON.stringify(outcome.data));
      expect(calls.at(-1)?.groups[0]?.operation).to.not.match(/\$[ab]/);
    }
    expect(asked).to.deep.equal([
      '{"holder":{"inner":{"count":4},"must":"m"}}',
      '{"holder":{"may":"y","count":3}}',
      '{"holder":{"count":3,"inner":{"count":4}}}',
      '{"holder":{"may":"y","must":"m"}}',
      '{"holder":{"inner":{"count":4},"must":"m"}}',
    ]);
    expect(calls.map(({ groups }) => groups[0]?.fields.length)).to.deep.equal([2, 2, 2, 2, 2]);
  });

  it('answers __typename without asking anyone', async () => {
    const { run, calls } = zoo({});
    const document = parse('{ __typename kind: __typename }');
    const [operation] = document.definitions as [PlannedDocument['operation']];
    const plan = { kind: 'fetch', register: 'zoo', operation, variables: [], outputRewrites: [] } as const;
    const planned: PlannedDocument = {
      documentHash: '',
      operationName: undefined,
      loggedNames: { operation: null, variables: new Map() },
      document,
      operation,
      hardened: hardenAliases(document),
      plan,
      footprint: [],
      catalogueHash: '',
      handleVariables: [],
      rootSubjects: [],
      deprecations: [],
      nonNullVariables: [],
      atomic: false,
    };
    expect(plain((await run(planned)).data)).to.deep.equal({ __typename: 'Query', kind: 'Query' });
    expect(calls).to.have.length(0);
  });

  it('lists no record that a bubbled null took out of the answer', async () => {
    const quality = {
      contractVersion: () => '1',
      prepare: () => ({ check: () => ({ verdict: 'pass' as const, findings: [] }), critical: new Set<string>() }),
    };
    const { ask } = world(
      { zoo: { sdl: SDL, roots: { holder: () => holder({ inner: holder({ must: null }) }) } } },
      { quality, unlinted: true },
    );
    expect((await ask(ASK('may inner { must }'), WHO)).records.map(({ path }) => path.join('.'))).to.deep.equal([
      'holder',
    ]);
  });
});

describe('execution: answers with names that are special to JavaScript', () => {
  it('leave Object.prototype as it was', async () => {
    const { ask, adapters } = zoo({});
    adapters.get('zoo')!.intercept = async () => [
      {
        records: [
          JSON.parse(
            `{"__proto__":{"polluted":1},"holder":{"__typename":"Holder","may":"y","__proto__":{"polluted":2},"constructor":{"prototype":{"polluted":3}}}}`,
          ) as Record<string, unknown>,
        ],
        errors: [],
      },
    ];
    const outcome = await ask(ASK('may'), WHO);
    expect(plain(outcome.data)).to.deep.equal({ holder: { may: 'y' } });
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });

  it('release nothing that was not asked', async () => {
    const { ask, adapters } = zoo({});
    adapters.get('zoo')!.intercept = async () => [
      {
        records: [
          { holder: { __typename: 'Holder', may: 'y', must: 'not asked', inner: { must: 'not asked' } }, other: 1 },
        ],
        errors: [],
      },
    ];
    expect(plain((await ask(ASK('may'), WHO)).data)).to.deep.equal({ holder: { may: 'y' } });
  });
});
