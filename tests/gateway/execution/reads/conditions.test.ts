import { expect } from 'chai';
import { Kind, parse, type FieldNode, type OperationDefinitionNode } from 'graphql';
import { conditionVariables, isIncluded, activeConditionsOf } from '../../../../gateway/execution/reads/conditions.js';

const fieldOf = (text: string): FieldNode => {
  const [operation] = parse(`query ($a: Boolean, $b: Boolean) { ${text} }`).definitions as [OperationDefinitionNode];
  return operation.selectionSet.selections.find((node): node is FieldNode => node.kind === Kind.FIELD)!;
};
const included = (directives: string, ...activeConditions: string[]): boolean =>
  isIncluded(fieldOf(`x ${directives}`).directives, new Set(activeConditions));

describe('conditions', () => {
  it('include and skip by variable and by literal, both at once', () => {
    expect(included('')).to.equal(true);
    expect([included('@skip(if: $a)', 'a'), included('@skip(if: $a)')]).to.deep.equal([false, true]);
    expect([included('@include(if: $a)', 'a'), included('@include(if: $a)')]).to.deep.equal([true, false]);
    expect([
      included('@include(if: true)'),
      included('@include(if: false)'),
      included('@skip(if: true)'),
      included('@skip(if: false)'),
    ]).to.deep.equal([true, false, false, true]);
    expect([
      included('@include(if: $a) @skip(if: $b)', 'a'),
      included('@include(if: $a) @skip(if: $b)', 'a', 'b'),
    ]).to.deep.equal([true, false]);
  });

  it('count a variable as true only when it is', () => {
    const variables = Object.assign(Object.create({ d: true }) as object, { a: true, b: false, c: 'true' }) as Record<
      string,
      unknown
    >;
    expect([...activeConditionsOf(['a', 'b', 'c', 'd', 'e'], variables)]).to.deep.equal(['a']);
  });

  it('are found in the document and in the plan', () => {
    const document = parse(
      'query ($a: Boolean!, $c: Boolean!) { x @skip(if: $a) ...F } fragment F on Query { y @include(if: $c) }',
    );
    const fetch = {
      kind: 'fetch',
      register: 'r',
      operation: document.definitions[0] as OperationDefinitionNode,
      variables: [],
      outputRewrites: [],
    } as const;
    expect(
      conditionVariables(document, { kind: 'sequence', nodes: [{ kind: 'condition', variable: 'b', ifTrue: fetch }] }),
    ).to.deep.equal(['a', 'b', 'c']);
  });
});
