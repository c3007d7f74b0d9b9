import { expect } from 'chai';
import { parse } from 'graphql';
import { QUERIES_ONLY } from '../../../../gateway/planning/document/answered.js';
import { validateDocument } from '../../../../gateway/planning/document/validate.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../../../schemas/catalogue/public-schema.js';
import { Refusal } from '../../../../schemas/refusal.js';
import { registers } from '../../../schemas/catalogue/registers.js';
import { PEOPLE, person } from '../country.js';
import { refusal } from '../preparing.js';

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
  KnownTypeNames: person('... on Nobody { name }'),
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
