import { expect } from 'chai';
import { parse } from 'graphql';
import { QUERIES_ONLY, validateDocument, refuseReserved } from '../../../../gateway/planning/document/validate.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../../../schemas/catalogue/public-schema.js';
import { Refusal } from '../../../../schemas/refusal.js';
import { registers } from '../../../schemas/catalogue/registers.js';
import { PEOPLE, person } from '../country.js';
import { refusal } from '../preparing.js';
import { RESERVED_PREFIXES } from '../../../../schemas/catalogue/lint/reserved-names.js';

const HIDDEN = PEOPLE.replace('name: String', 'name: String nickname: String @inaccessible');
const schema = buildPublicSchema(composeCatalogue(registers({ people: HIDDEN })).publicSdl);
const validated = (text: string): Promise<string> => refusal(() => validateDocument(schema, parse(text), QUERIES_ONLY));
const validatedInSteps = (text: string): Promise<string> =>
  refusal(() => validateDocument(schema, parse(text), QUERIES_ONLY, () => Promise.resolve()));

/** A document that breaks one rule of the GraphQL specification, by the rule. */
const BROKEN: Readonly<Record<string, string>> = {
  FieldsOnCorrectType: person('nope'),
  ScalarLeafs: person('spouse'),
  KnownArgumentNames: person('name(long: true)'),
  ProvidedRequiredArguments: '{ person { name } }',
  ValuesOfCorrectType: '{ person(iin: "800101390012") { name } }',
  VariablesInAllowedPosition: 'query($iin: Iin) { person(iin: $iin) { name } }',
  NoUndefinedVariables: '{ person(iin: $iin) { name } }',
  NoUnusedVariables: person('name', ', $more: Int'),
  KnownDirectives: person('name @defer'),
  KnownTypeNames: person('... on Nothing { name }'),
  KnownFragmentNames: person('...nowhere'),
  NoUnusedFragments: `${person('name')} fragment f on Person { name }`,
  NoFragmentCycles: `${person('...f')} fragment f on Person { ...f }`,
  OverlappingFieldsCanBeMerged: person('x: name x: born'),
  PossibleFragmentSpreads: person('... on Car { plate }'),
  UniqueOperationNames: 'query A { __typename } query A { __typename }',
  LoneAnonymousOperation: '{ __typename } query A { __typename }',
};

describe('planning: validate', () => {
  for (const [rule, document] of Object.entries(BROKEN)) {
    it(`refuses by ${rule}, naming it`, async () => {
      expect(await validated(document)).to.equal(`GRAPHQL_VALIDATION_FAILED ${rule}`);
      expect(await validatedInSteps(document)).to.equal(`GRAPHQL_VALIDATION_FAILED ${rule}`);
    });
  }

  it('says the same of what is hidden and of what there is not', async () => {
    expect(await validated(person('nickname'))).to.equal(await validated(person('nope')));
  });

  it('tells nothing of the document in what it throws', async () => {
    try {
      await validateDocument(schema, parse('{ person(iin: "800101390012") { name } }'), QUERIES_ONLY);
      expect.fail('it passed');
    } catch (error) {
      expect(error).to.be.instanceOf(Refusal);
      expect(JSON.stringify(error) + String((error as Refusal).cause) + (error as Refusal).message).not.to.include(
        '800101390012',
      );
    }
  });

  it('passes what fits the schema', async () => {
    expect(
      await validated(
        person('name spouse { ...f } ... on Person { things { __typename ... on Car { plate } } }') +
          ' fragment f on Person { born }',
      ),
    ).to.equal('nothing was refused');
  });
});

const looked = (text: string): Promise<string> => refusal(() => refuseReserved(parse(text), QUERIES_ONLY));

describe('planning: reserved', () => {
  for (const [document, reason] of [
    ['mutation { a }', 'mutation'],
    ['query A { a } mutation B { b }', 'mutation'],
    ['subscription { a }', 'subscription'],
    ['{ __schema { types { name } } }', 'introspection'],
    ['{ __type(name: "Citizen") { name } }', 'introspection'],
    ['{ innocent: __schema { types { name } } }', 'introspection'],
    [
      '{ ...f } fragment f on Query { a { ...g } } fragment g on Query { __schema { types { name } } }',
      'introspection',
    ],
    ['type Citizen { a: Int } query { a }', 'type_system_definition'],
    ['extend schema @link(url: "x") query { a }', 'type_system_definition'],
    ['directive @a on FIELD query { a }', 'type_system_definition'],
    ['{ __proto__: a }', 'reserved_alias'],
    ['{ __typename: a }', 'reserved_alias'],
    ['query($representations: Int) { a(b: $representations) }', 'reserved_variable'],
    ['query($representations_1: Int) { a(b: $representations_1) }', 'reserved_variable'],
    ['query($__batch_reps_0: Int) { a(b: $__batch_reps_0) }', 'reserved_variable'],
    ...RESERVED_PREFIXES.map((prefix) => [`{ a { ... { ${prefix}x: b } } }`, 'reserved_alias']),
  ] as const) {
    it(`refuses ${document}`, async () => {
      expect(await looked(document)).to.equal(`GRAPHQL_VALIDATION_FAILED ${reason}`);
    });
  }

  it('leaves ordinary names, and names that only objects of JavaScript have', async () => {
    expect(
      await looked(
        'query Q($iin: Int = 1) { constructor: a(b: $iin) toString: a hasOwnProperty: a t: __typename __typename }',
      ),
    ).to.equal('nothing was refused');
  });
});
