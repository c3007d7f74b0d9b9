import { expect } from 'chai';
import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import { mergeGroups, prepareGraphql } from '../../../adapters/graphql/merge-groups.js';
import type { CallGroup, FetchSelection } from '../../../adapters/port.js';
import { citizens, entities, leaf, root } from '../selections.js';

describe('one request for all groups', () => {
  const group = (
    selection: FetchSelection,
    variables: CallGroup['variables'],
    ...iins: readonly string[]
  ): CallGroup => ({
    prepared: prepareGraphql('address', selection),
    variables,
    ...(selection.kind === 'entities' ? { keys: citizens(...iins) } : {}),
  });
  const withArgument = (variable: string): FetchSelection => {
    const [definition] = parse(
      `query ($representations: [_Any!]!, $${variable}: Int) { _entities(representations: $representations) { ... on Citizen { former(first: $${variable}) { city } } } }`,
    ).definitions;
    if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('not an operation');
    return { kind: 'entities', operation: definition, fields: [] };
  };
  const operationOf = (query: string): OperationDefinitionNode =>
    parse(query).definitions[0] as OperationDefinitionNode;
  const definedIn = (query: string): readonly string[] =>
    (operationOf(query).variableDefinitions ?? []).map(({ variable }) => variable.name.value);

  it('defines each variable once, and sends each that is used and has a value', () => {
    const { query, variables } = mergeGroups([
      group(withArgument('first'), { first: 2, iin: '1' }, 'a'),
      group(withArgument('first'), { first: 2 }, 'b'),
      group(withArgument('absent'), {}, 'c'),
    ]);
    expect(definedIn(query)).to.have.members([
      'first',
      'absent',
      'representations_0',
      'representations_1',
      'representations_2',
    ]);
    expect(variables).to.deep.equal({
      first: 2,
      representations_0: citizens('a'),
      representations_1: citizens('b'),
      representations_2: citizens('c'),
    });
  });

  it('gives its own variables names that no other has', () => {
    const { query, variables } = mergeGroups([group(withArgument('representations_0'), { representations_0: 7 }, 'a')]);
    expect(variables['representations_0']).to.equal(7);
    const names = definedIn(query);
    expect(new Set(names).size).to.equal(names.length);
    expect(Object.values(variables)).to.deep.include(citizens('a'));
  });

  it('asks each list under an alias of its own', () => {
    const { query } = mergeGroups([
      group(entities('Citizen', [leaf('iin')]), {}, 'a'),
      group(entities('Citizen', [leaf('iin')]), {}, 'b'),
    ]);
    expect(
      operationOf(query).selectionSet.selections.map((one) =>
        one.kind === Kind.FIELD ? `${one.alias?.value}: ${one.name.value}` : one.kind,
      ),
    ).to.deep.equal(['_e0: _entities', '_e1: _entities']);
  });

  it('asks root fields alone', () => {
    const citizen = group(root('citizen', 'iin', 'who', 'Citizen', [leaf('iin')]), { who: '1', other: 2 });
    expect(mergeGroups([citizen]).variables).to.deep.equal({ who: '1' });
    expect(() => mergeGroups([citizen, citizen])).to.throw('a call of its own');
  });
});
