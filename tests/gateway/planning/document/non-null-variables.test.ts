import { expect } from 'chai';
import { buildSchema, execute, parse, validate } from 'graphql';
import { preparer, refusal } from '../preparing.js';
import { coerceVariables } from '../../../../gateway/planning/variables.js';
import { composeUngoverned } from '../../../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../../../schemas/catalogue/public-schema.js';
import { registers } from '../../../schemas/catalogue/registers.js';

const TYPES = `
input Span { from: Int! = 1 to: Int inner: Inner list: [Int!] }
input Inner { size: Int! = 2 name: String! }
type Query {
  plain(n: Int): Int
  strict(n: Int! = 5): Int
  list(n: [Int!]! = [1]): Int
  deep(n: [[Int!]!]): Int
  span(span: Span): Int
  spans(spans: [Span!]! = []): Int
  one: Node
}
type Node { strict(n: Int! = 5): Int plain: Int }
`;
const catalogue = composeUngoverned(
  registers({ r: TYPES.replaceAll(/^type (\w+)/gm, 'type $1 @category(name: "r.a")') }),
);
const schema = buildPublicSchema(catalogue.publicSdl);
const reference = buildSchema(TYPES);
const documents = preparer(catalogue);

/** Whether graphql-js finds a fault in the values: of the variables, or of an argument when its field is executed. */
const isFaultyByReference = (text: string, variableValues: Record<string, unknown>): boolean => {
  const one = { strict: () => 1, plain: 1 };
  const { errors } = execute({
    schema: reference,
    document: parse(text),
    variableValues,
    rootValue: { plain: () => 1, strict: () => 1, list: () => 1, deep: () => 1, span: () => 1, spans: () => 1, one },
  }) as { readonly errors?: readonly unknown[] };
  return errors !== undefined;
};

const refusalOf = (text: string, variables: Record<string, unknown>): Promise<string> =>
  refusal(async () =>
    coerceVariables(schema, await documents.prepare(text, undefined, undefined, { variables }), variables),
  );

/** Documents that use a nullable variable. All of them take `$n`; some take `$b`. */
const DOCUMENTS = [
  'query ($n: Int) { plain(n: $n) }',
  'query ($n: Int) { strict(n: $n) }',
  'query ($n: Int = 3) { strict(n: $n) }',
  'query ($n: Int = null) { strict(n: $n) }',
  'query ($n: Int) { one { strict(n: $n) } }',
  'query ($n: Int) { one { ...f } } fragment f on Node { plain ... on Node { strict(n: $n) } }',
  'query ($n: [Int!]) { list(n: $n) }',
  'query ($n: Int = 3) { list(n: [1, $n]) }',
  'query ($n: Int = 3) { deep(n: [[$n]]) }',
  'query ($n: [Int!] = [1]) { deep(n: [$n, [2]]) }',
  'query ($n: Int) { span(span: { from: $n }) }',
  'query ($n: Int) { span(span: { to: $n }) }',
  'query ($n: Int) { span(span: { inner: { size: $n, name: "a" } }) }',
  'query ($n: Int = 3) { span(span: { list: [$n] }) }',
  'query ($n: Int) { spans(spans: [{ from: $n }]) }',
  'query ($n: Int, $b: Boolean!) { plain strict(n: $n) @include(if: $b) }',
  'query ($n: Int, $b: Boolean!) { plain strict(n: $n) @skip(if: $b) }',
  'query ($n: Int, $b: Boolean!) { plain ... on Query @include(if: $b) { one { strict(n: $n) } } }',
  'query ($n: Int, $b: Boolean = true) { plain(n: $n) strict @include(if: $b) }',
  'query ($n: Int) { plain(n: $n) strict @include(if: false) other: strict(n: $n) @skip(if: true) }',
];
const VALUES: readonly Record<string, unknown>[] = [{}, { n: null }, { n: 7 }, { n: [7] }, { n: [null] }];
const CONDITIONS: readonly Record<string, unknown>[] = [{}, { b: true }, { b: false }, { b: null }];

describe('variables where no null is allowed', () => {
  for (const text of DOCUMENTS)
    it(`are refused as graphql-js does in ${text}`, async () => {
      expect(validate(reference, parse(text))).to.deep.equal([]);
      for (const n of VALUES)
        for (const b of text.includes('$b') ? CONDITIONS : [{}]) {
          const variables = { ...n, ...b };
          const [code] = (await refusalOf(text, variables)).split(' ');
          expect(code, JSON.stringify(variables)).to.equal(
            isFaultyByReference(text, variables) ? 'BAD_USER_INPUT' : 'nothing',
          );
        }
    });

  it('are named', async () => {
    expect(await refusalOf('query ($n: Int) { strict(n: $n) }', { n: null })).to.equal('BAD_USER_INPUT n');
    expect(await refusalOf('query ($m: Int, $n: Int) { plain(n: $m) strict(n: $n) }', { m: 'x', n: null })).to.equal(
      'BAD_USER_INPUT m,n',
    );
  });

  it('are no way around a null in the document itself', async () => {
    for (const text of [
      '{ strict(n: null) }',
      '{ list(n: [null]) }',
      '{ span(span: { from: null }) }',
      '{ spans(spans: null) }',
    ])
      expect(await refusalOf(text, {}), text).to.equal('GRAPHQL_VALIDATION_FAILED ValuesOfCorrectType');
  });
});
