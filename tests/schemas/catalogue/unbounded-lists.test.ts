import { expect } from 'chai';
import { buildSchema } from 'graphql';
import { unboundedLists } from '../../../schemas/catalogue/unbounded-lists.js';

describe('lists without a bound', () => {
  it('are those that no `first` bounds', () => {
    const schema = buildSchema(
      'type Query { a: Int b: [Int] c: [[Int!]!]! d(first: Int): [Int] e(first: Int!): [Int] f(first: Int = 5): [Int]! p: P } type P { q: [P] }',
    );
    expect(unboundedLists(schema)).to.deep.equal(['Query.b', 'Query.c', 'Query.d', 'P.q']);
  });
});
