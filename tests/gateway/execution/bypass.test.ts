import { expect } from 'chai';
import { country, withholding } from './country.js';
import { APPLICANT, fakeGate, plain, errorsOf, world, type World } from './harness.js';

/**
 * Every way to a withheld field leads to the same decision: written directly, aliased, through
 * fragments, conditions, lists, interfaces, unions, entities, derivations and @requires.
 */
const WAYS: readonly (readonly [name: string, document: string])[] = [
  ['direct', 'query Q($iin: Iin!) { citizen(iin: $iin) { lifeStatus documents { number } } }'],
  ['alias', 'query Q($iin: Iin!) { c: citizen(iin: $iin) { lifeStatus d: documents { lifeStatus: number } } }'],
  [
    'alias of another field',
    'query Q($iin: Iin!) { citizen(iin: $iin) { lifeStatus: documents { number } x: lifeStatus } }',
  ],
  [
    'named fragment',
    'query Q($iin: Iin!) { citizen(iin: $iin) { lifeStatus ...F } } fragment F on Citizen { documents { ...G } } fragment G on IdentityDocument { number }',
  ],
  [
    'inline fragment',
    'query Q($iin: Iin!) { citizen(iin: $iin) { lifeStatus ... on Citizen { ... { documents { number } } } } }',
  ],
  [
    'condition by variable',
    'query Q($iin: Iin!, $yes: Boolean = true) { citizen(iin: $iin) { lifeStatus documents @include(if: $yes) { number } } }',
  ],
  [
    'twice in one document',
    'query Q($iin: Iin!) { citizen(iin: $iin) { lifeStatus documents { number } } b: citizen(iin: $iin) { lifeStatus e: documents { type } } }',
  ],
  ['only its type', 'query Q($iin: Iin!) { citizen(iin: $iin) { lifeStatus documents { __typename } } }'],
  [
    'through a relative',
    'query Q($iin: Iin!) { citizen(iin: $iin) { lifeStatus children { lifeStatus documents { number } } } }',
  ],
];

describe('execution: no way around a category', () => {
  for (const [name, document] of WAYS) {
    it(name, async () => {
      const { ask, calls } = country({ gate: withholding('population.documents') });
      const outcome = await ask(document, { iin: APPLICANT, yes: true });
      expect(JSON.stringify(calls)).to.not.match(/number|documents/);
      expect(JSON.stringify(outcome.data)).to.not.match(/ID_CARD|"1"|IdentityDocument/);
      expect(outcome.withheld).to.not.have.length(0);
    });
  }

  const SDL = `
    scalar Iin
    type Query { person(iin: Iin! @subjectArgument): Person @category(name: "test.open") }
    type Person @category(name: "test.open") { id: ID asset: Asset assets: [Asset] @listSize(assumedSize: 100) either: Either }
    interface Asset { id: ID @category(name: "test.open") worth: Int @category(name: "test.open") year: Int @category(name: "test.open") }
    type House implements Asset @category(name: "test.open") { id: ID worth: Int @category(name: "test.secret") year: Int @derived(from: ["built"], by: "year") built: String @category(name: "test.secret") }
    type Boat implements Asset @category(name: "test.open") { id: ID worth: Int year: Int }
    union Either = House | Boat
  `;
  const HOUSE = { __typename: 'House', id: 'h', worth: 100, built: '1999', year: 'not derived' };
  const BOAT = { __typename: 'Boat', id: 'b', worth: 5, year: 2001 };
  const estate = (): World =>
    world(
      {
        estate: {
          sdl: SDL,
          roots: {
            person: () => ({ __typename: 'Person', id: 'p', asset: HOUSE, assets: [HOUSE, BOAT], either: HOUSE }),
          },
        },
      },
      {
        gate: fakeGate((_question, category) => category !== 'test.secret'),
        derivationsBy: { year: ({ built }) => Number(built) },
      },
    );
  /** Scores of all people, from a register that does not know their types. */
  const parties = (granted: (category: string) => boolean): World =>
    world(
      {
        people: {
          sdl: `scalar Iin
            interface Party @key(fields: "iin") @subject(field: "iin") { iin: Iin! @category(name: "test.open") }
            type Person implements Party @key(fields: "iin") @subject(field: "iin") { iin: Iin! @category(name: "test.open") income: Int @category(name: "test.secret") }
            type Company implements Party @key(fields: "iin") @subject(field: "iin") { iin: Iin! @category(name: "test.open") seat: String @category(name: "test.seat") }`,
          entity: ({ iin }) => ({ __typename: 'Person', iin, income: 70 }),
        },
        scores: {
          sdl: `scalar Iin
            type Query { party(iin: Iin! @subjectArgument): Party @category(name: "test.open") }
            type Party @key(fields: "iin") @subject(field: "iin") @interfaceObject { iin: Iin! @category(name: "test.open") score: Int @category(name: "test.open") }`,
          roots: { party: ({ iin }) => ({ __typename: 'Party', iin, score: 7 }) },
        },
      },
      { gate: fakeGate((_question, category) => granted(category)) },
    );
  const WHO = { iin: APPLICANT };
  const ASK = (fields: string): string => `query Q($iin: Iin!) { person(iin: $iin) { id ${fields} } }`;

  it('an interface’s field is governed as each implementing type’s', async () => {
    const { ask, calls } = estate();
    const outcome = await ask(ASK('assets { id worth year }'), WHO);
    expect(plain(outcome.data)).to.deep.equal({
      person: {
        id: 'p',
        assets: [
          { id: 'h', worth: null, year: null },
          { id: 'b', worth: 5, year: 2001 },
        ],
      },
    });
    expect(errorsOf(outcome)).to.deep.equal([
      'person.assets.0.worth: CONSENT_REQUIRED',
      'person.assets.0.year: CONSENT_REQUIRED',
    ]);
    expect(calls[0]?.groups[0]?.operation)
      .to.contain('... on Boat { id worth year }')
      .and.to.contain('... on House { id }');
  });

  it('a union’s member, and a fragment on the type', async () => {
    const { ask } = estate();
    const outcome = await ask(ASK('either { ... on House { id worth } } asset { ... on House { worth } id }'), WHO);
    expect(plain(outcome.data)).to.deep.equal({
      person: { id: 'p', either: { id: 'h', worth: null }, asset: { worth: null, id: 'h' } },
    });
  });

  it('an object of an abstract type that does not say what it is', async () => {
    const { ask, adapters } = estate();
    adapters.get('estate')!.intercept = async () => [
      { records: [{ person: { id: 'p', asset: { id: 'h', worth: 100 } } }], errors: [] },
    ];
    const outcome = await ask(ASK('asset { id worth }'), WHO);
    expect(plain(outcome.data)).to.deep.equal({ person: { id: 'p', asset: null } });
  });

  it('a type’s own field, where the person is reached by an interface object', async () => {
    const { ask, calls } = parties((category) => category !== 'test.secret');
    const outcome = await ask(
      'query Q($iin: Iin!) { party(iin: $iin) { score ... on Person { income } ... on Company { seat } } }',
      WHO,
    );
    expect(plain(outcome.data)).to.deep.equal({ party: { score: 7, income: null } });
    expect(errorsOf(outcome)).to.deep.equal(['party.income: CONSENT_REQUIRED']);
    expect(
      calls.map(({ register, groups }) => `${register}: ${groups.flatMap(({ fields }) => fields).join(' ')}`),
    ).to.deep.equal(['scores: party.__typename party.score party.iin', 'people: __typename seat _g_iin _g_iin']);
  });

  it('a type’s own field of an interface object, where nothing else of it may be read', async () => {
    const { ask, calls } = parties((category) => category === 'test.open');
    const outcome = await ask('query Q($iin: Iin!) { party(iin: $iin) { score ... on Person { income } } }', WHO);
    expect(errorsOf(outcome)).to.deep.equal(['party: CONSENT_REQUIRED']);
    expect(
      calls
        .filter(({ register }) => register === 'people')
        .flatMap(({ groups }) => groups.flatMap(({ fields }) => fields)),
    ).to.not.include('income');
  });

  it('a field that another one requires', async () => {
    const registers = {
      people: {
        sdl: `scalar Iin
          type Query { person(iin: Iin! @subjectArgument): Person @category(name: "test.id") }
          type Person @key(fields: "iin") @subject(field: "iin") { iin: Iin! @category(name: "test.id") income: Int @category(name: "test.income") }`,
        roots: { person: ({ iin }: Readonly<Record<string, unknown>>) => ({ __typename: 'Person', iin, income: 70 }) },
        entity: ({ iin }: Readonly<Record<string, unknown>>) => ({ __typename: 'Person', iin, income: 70 }),
      },
      benefits: {
        sdl: `scalar Iin
          type Person @key(fields: "iin") @subject(field: "iin") {
            iin: Iin! @category(name: "test.id")
            income: Int @external @category(name: "test.income")
            eligible: Boolean @requires(fields: "income") @category(name: "test.benefits")
          }`,
        entity: ({ iin, income }: Readonly<Record<string, unknown>>) => ({
          __typename: 'Person',
          iin,
          eligible: Number(income) < 100,
        }),
      },
    };
    const open = world(registers);
    expect(
      plain((await open.ask('query Q($iin: Iin!) { person(iin: $iin) { eligible } }', { iin: APPLICANT })).data),
    ).to.deep.equal({ person: { eligible: true } });
    const closed = world(registers, { gate: fakeGate((_question, category) => category !== 'test.income') });
    const outcome = await closed.ask('query Q($iin: Iin!) { person(iin: $iin) { eligible } }', { iin: APPLICANT });
    expect(plain(outcome.data)).to.deep.equal({ person: { eligible: null } });
    expect(errorsOf(outcome)).to.deep.equal(['person.eligible: CONSENT_REQUIRED']);
    expect(outcome.withheld[0]?.category).to.equal('test.income');
    expect(JSON.stringify(closed.calls)).to.not.contain('income');
    expect(closed.calls.map(({ register }) => register)).to.not.include('benefits');
  });
});
