import { Kind, type FieldDefinitionNode, type TypeNode } from 'graphql';
import type { LintRule } from './problem.js';

/** A register says how long each list can be, so that no question can ask for everybody: what is longer is cut. */
export const listBounded: LintRule = (registers, facts) =>
  registers.flatMap(({ register, types }) =>
    [...types.values()].flatMap((type) =>
      type.fields
        .filter((field) => isList(field.type) && facts.listBounds[`${register.name} ${type.name}.${field.name.value}`] === undefined)
        .map((field: FieldDefinitionNode) => ({
          rule: 'list-bounded',
          file: register.file,
          line: field.name.loc?.startToken.line ?? type.line,
          message: `${type.name}.${field.name.value} is a list without a bound: write @listSize(assumedSize: N) on it or on the list argument that it answers, or give it an argument "first" that is required or has a default`,
        })),
    ),
  );

function isList(type: TypeNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE;
}
