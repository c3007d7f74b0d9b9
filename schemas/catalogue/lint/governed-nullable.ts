import { Kind, type FieldDefinitionNode } from 'graphql';
import { ROOT_TYPES, type DeclaredType } from '../declared-types.js';
import type { LintRule } from './problem.js';

/** A governed field can be withheld, so it is nullable; keys are the exception: with them the whole entity is withheld. */
export const governedNullable: LintRule = (registers) =>
  registers.flatMap(({ register, types, names }) =>
    [...types.values()].flatMap((type) =>
      type.fields
        .filter((field) => field.type.kind === Kind.NON_NULL_TYPE && !isKey(type, field, names.subject))
        .map((field) => ({
          rule: 'governed-nullable',
          file: register.file,
          line: field.loc?.startToken.line ?? type.line,
          message: `${type.name}.${field.name.value} can be withheld but is non-null: drop the "!"`,
        })),
    ),
  );

function isKey(type: DeclaredType, field: FieldDefinitionNode, subjectDirective: string): boolean {
  if (ROOT_TYPES.has(type.name)) return false;
  const named = type.directives.filter(({ name }) => name.value === 'key' || name.value === subjectDirective);
  return named.some((directive) =>
    directive.arguments?.some(({ value }) => value.kind === Kind.STRING && value.value.split(/[\s{}]+/).includes(field.name.value)),
  );
}
