import { buildSchema } from 'graphql';
import { expect } from 'chai';
import { explainRefusal } from '../../../../gateway/cli/schema/explain-refusal.js';
import { Refusal } from '../../../../schemas/refusal.js';

const SCHEMA = buildSchema('type Query { flat(id: Int!): Flat } type Flat { area: Int }');
const explained = (
  text: string,
  code: 'GRAPHQL_VALIDATION_FAILED' | 'GRAPHQL_PARSE_FAILED' | 'PLAN_FAILED',
  ...reasons: string[]
): readonly string[] => explainRefusal(new Refusal(code, { reasons }), text, SCHEMA);

describe('a refusal explained to the author of a document', () => {
  it('says where and what, for rules about names', () => {
    expect(explained('{ flat(id: 1) { size } }', 'GRAPHQL_VALIDATION_FAILED', 'FieldsOnCorrectType')).to.deep.equal([
      '1:17: Cannot query field "size" on type "Flat".',
    ]);
    expect(explained('{ flat { area } }', 'GRAPHQL_VALIDATION_FAILED', 'ProvidedRequiredArguments')[0]).to.match(
      /^1:3: .*argument "id"/,
    );
  });

  it('says only where, for rules about values', () => {
    expect(
      explained('{\n  flat(id: "800101390011") { area }\n}', 'GRAPHQL_VALIDATION_FAILED', 'ValuesOfCorrectType'),
    ).to.deep.equal(['2:12']);
    expect(explained('{ flat(id: 800101390011 ! }', 'GRAPHQL_PARSE_FAILED', 'syntax')).to.deep.equal(['1:25']);
  });

  it('says nothing of what no rule of GraphQL refuses', () => {
    expect(explained('{ flat(id: 1) { area } }', 'GRAPHQL_VALIDATION_FAILED', 'mutation')).to.deep.equal([]);
    expect(explained('{ flat(id: 1) { area } }', 'GRAPHQL_PARSE_FAILED', 'empty')).to.deep.equal([]);
    expect(explained('{ flat(id: 1) { area } }', 'PLAN_FAILED', 'planner')).to.deep.equal([]);
  });
});
