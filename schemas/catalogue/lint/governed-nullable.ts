import { Kind, type FieldDefinitionNode, type TypeNode } from 'graphql';
import { textArgument, applied } from '../directive-arguments.js';
import { ROOT_TYPES, type DeclaredType } from '../declared-types.js';
import { keyNames } from '../governance-names.js';
import type { LintedRegister, LintRule, Problem } from './problem.js';

/**
 * A governed field can be withheld, and so can each record of a list: both are nullable. There are two
 * exceptions: keys, because with a key the whole entity is withheld; and the items of a list of people,
 * because such a list is withheld as a whole.
 */
export const governedNullable: LintRule = (registers) =>
  registers.flatMap((linted) =>
    [...linted.types.values()].flatMap((type) => {
      const keys = ROOT_TYPES.has(type.name) ? new Set<string>() : keysOf(type, linted);
      return type.fields
        .filter(({ name }) => !keys.has(name.value))
        .flatMap((field) => problemsOf(type, field, linted));
    }),
  );

function problemsOf(
  type: DeclaredType,
  field: FieldDefinitionNode,
  { register, names }: LintedRegister,
): readonly Problem[] {
  const at = (message: string): Problem => ({
    rule: 'governed-nullable',
    file: register.file,
    line: field.name.loc?.startToken.line ?? type.line,
    message,
  });
  const isList = applied(names.subject, field.directives).length > 0;
  return [
    ...(field.type.kind === Kind.NON_NULL_TYPE
      ? [at(`${type.name}.${field.name.value} can be withheld but is non-null: drop the "!"`)]
      : []),
    ...(!isList && hasNonNullItems(field.type)
      ? [
          at(
            `the items of ${type.name}.${field.name.value} can be withheld but are non-null: drop the "!" within the brackets`,
          ),
        ]
      : []),
  ];
}

function hasNonNullItems(type: TypeNode): boolean {
  if (type.kind === Kind.NAMED_TYPE) return false;
  if (type.kind === Kind.NON_NULL_TYPE) return hasNonNullItems(type.type);
  return type.type.kind === Kind.NON_NULL_TYPE || hasNonNullItems(type.type);
}

/** Fields that identify objects of a type: in a `@key`, or the one that `@subject` names. */
function keysOf(type: DeclaredType, { register, names }: LintedRegister): ReadonlySet<string> {
  const keys = applied(keyNames(register.document), type.directives).map(
    (directive) => textArgument(directive, 'fields') ?? '',
  );
  const subjects = applied(names.subject, type.directives).map((directive) => textArgument(directive, 'field') ?? '');
  return new Set([...keys, ...subjects].flatMap((fields) => fields.split(/[\s,{}]+/)));
}
