import { expect } from 'chai';
import { parse, print, type OperationDefinitionNode } from 'graphql';
import { settleConditions } from '../../../../gateway/planning/document/conditions.js';

const settled = (selection: string): string =>
  print(
    settleConditions(
      parse(`query Q($a: Boolean!, $b: Boolean!) { ${selection} }`).definitions[0] as OperationDefinitionNode,
    ),
  )
    .replace(/^query [^{]*\{\s*/, '')
    .replace(/\}$/, '')
    .replace(/\s+/g, ' ')
    .trim();

describe('settling conditions', () => {
  for (const [selection, wanted] of [
    ['x @skip(if: $a)', 'x @skip(if: $a)'],
    ['x @include(if: true) y @skip(if: false)', 'x y'],
    ['x @include(if: false) y @skip(if: true) z', 'z'],
    ['x @skip(if: $a) { y @skip(if: $a) z @include(if: $a) }', 'x @skip(if: $a) { y }'],
    [
      'x @include(if: $a) { ... @include(if: $b) { y @include(if: $b) { z @skip(if: $a) } } }',
      'x @include(if: $a) { ... @include(if: $b) { y { __typename } } }',
    ],
    ['x @skip(if: $a) @include(if: $a) z', 'z'],
    ['x @skip(if: $a) @skip(if: $a)', 'x @skip(if: $a)'],
    ['x { y @skip(if: true) }', 'x { __typename }'],
    ['x { ... on T @skip(if: $a) { ... { y @include(if: $a) } } }', 'x { __typename }'],
    ['x @skip(if: $a) { y } z @include(if: $a)', 'x @skip(if: $a) { y } z @include(if: $a)'],
    ['x @other(if: $a) { y @skip(if: $a) }', 'x @other(if: $a) { y @skip(if: $a) }'],
  ] as const) {
    it(`makes ${wanted} of ${selection}`, () => {
      expect(settled(selection)).to.equal(wanted);
    });
  }

  it('leaves nothing of an operation of which nothing takes part', () => {
    const { selectionSet } = settleConditions(parse('{ x @skip(if: true) }').definitions[0] as OperationDefinitionNode);
    expect(selectionSet.selections).to.deep.equal([]);
  });
});
