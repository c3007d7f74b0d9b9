import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import type { FetchSelection, SelectedField } from '../../adapters/port.js';

type Below = readonly ((parentType: string) => SelectedField)[];

/** A field without selections below it. */
export function leaf(name: string, responseKey = name): (parentType: string) => SelectedField {
  return (parentType) => ({ parentType, name, responseKey, type: 'String', list: false, fields: [] });
}

export function object(
  name: string,
  type: string,
  below: Below,
  responseKey = name,
): (parentType: string) => SelectedField {
  return (parentType) => ({
    parentType,
    name,
    responseKey,
    type,
    list: false,
    fields: below.map((make) => make(type)),
  });
}

export function list(
  name: string,
  type: string,
  below: Below,
  responseKey = name,
): (parentType: string) => SelectedField {
  return (parentType) => ({ ...object(name, type, below, responseKey)(parentType), list: true });
}

/** A selection below `_entities`, as the executor makes it. */
export function entities(type: string, below: Below): FetchSelection {
  const fields = below.map((make) => make(type));
  return {
    kind: 'entities',
    fields,
    operation: operationOf(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} ${textOf(fields)} } }`,
    ),
  };
}

/** One root field that takes one variable. */
export function root(name: string, argument: string, variable: string, type: string, below: Below): FetchSelection {
  const field: SelectedField = {
    ...object(name, type, below)('Query'),
    argumentsFrom: (variables) => ({ [argument]: variables[variable] }),
  };
  return {
    kind: 'root',
    fields: [field],
    operation: operationOf(`query ($${variable}: Iin!) { ${name}(${argument}: $${variable}) ${textOf(field.fields)} }`),
  };
}

/** Keys of persons, as representations. */
export function citizens(...iins: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
  return iins.map((iin) => ({ __typename: 'Citizen', iin }));
}

function textOf(fields: readonly SelectedField[]): string {
  const one = ({ name, responseKey, fields: below }: SelectedField): string =>
    `${responseKey}: ${name} ${below.length > 0 ? textOf(below) : ''}`;
  return `{ ${fields.map(one).join(' ')} }`;
}

function operationOf(text: string): OperationDefinitionNode {
  const [definition] = parse(text).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('not an operation');
  return definition;
}
