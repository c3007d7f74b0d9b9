import { expect } from 'chai';
import { parse, print, type OperationDefinitionNode, type SelectionNode } from 'graphql';
import {
  entitiesField,
  representationsDefinition,
  withUsedVariables,
} from '../../../../gateway/planning/passes/entities-operation.js';

const operation = (text: string): OperationDefinitionNode => parse(text).definitions[0] as OperationDefinitionNode;
const selections = (text: string): readonly SelectionNode[] => operation(text).selectionSet.selections;
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const variablesOf = ({ variableDefinitions }: OperationDefinitionNode): readonly string[] =>
  (variableDefinitions ?? []).map(print);

describe('planning: entities operation', () => {
  it('asks for entities by their representations, without an alias for the usual name', () => {
    const field = entitiesField({ alias: '_entities', variable: 'representations' }, selections('{ ... on T { a } }'));
    expect(oneLine(print(field))).to.equal('_entities(representations: $representations) { ... on T { a } }');
  });

  it('gives each further list an alias and a variable of its own', () => {
    const field = entitiesField({ alias: '_e1', variable: 'representations_1' }, selections('{ a }'));
    expect(oneLine(print(field))).to.equal('_e1: _entities(representations: $representations_1) { a }');
  });

  it('defines representations as a list without null of type _Any', () => {
    expect(print(representationsDefinition('representations_2'))).to.equal('$representations_2: [_Any!]!');
  });

  it('defines the variables that are used, in arguments, directives and objects, and no others', () => {
    const asked = operation(
      'query ($a: Int, $b: Boolean!, $c: String, $unused: Int) { x(n: $a) @skip(if: $b) { y(o: { p: [$c] }) } }',
    );
    expect(variablesOf(withUsedVariables(asked, []))).to.deep.equal(['$a: Int', '$b: Boolean!', '$c: String']);
  });

  it('takes definitions that the operation lacks from the known ones, each once', () => {
    const known = operation('query ($a: Int, $b: Int, $unused: Int) { x }').variableDefinitions ?? [];
    const asked = operation('query ($a: Int) { x(n: $a, m: $b) }');
    expect(variablesOf(withUsedVariables(asked, known))).to.deep.equal(['$a: Int', '$b: Int']);
  });

  it('leaves the selections as they are', () => {
    const asked = operation('query ($a: Int) { x(n: $a) { y } }');
    expect(withUsedVariables(asked, []).selectionSet).to.equal(asked.selectionSet);
  });
});
