import { Kind, type FieldDefinitionNode, type InputValueDefinitionNode, type TypeNode } from 'graphql';
import { applied } from '../directive-arguments.js';
import { namedTypeOf, ROOT_TYPES } from '../declared-types.js';
import type { LintRule } from './problem.js';

/** Scalars that name one person: the number, and a reference that the gateway resolves. */
const FORMS: ReadonlySet<string> = new Set(['Iin', 'PersonHandle']);
const HANDLE = 'PersonHandle';

/**
 * @subjectArgument is on at most one argument of a root field: a number or a handle, required, without a
 * default. No other argument is a handle, because the gateway replaces a handle by the number.
 */
export const subjectArgumentForm: LintRule = (registers) =>
  registers.flatMap(({ register, types, names }) =>
    [...types.values()].flatMap((type) =>
      type.fields.flatMap((field) =>
        problemsOf(field, ROOT_TYPES.has(type.name), names.subjectArgument).map((problem) => ({
          rule: 'subject-argument-form',
          file: register.file,
          line: field.name.loc?.startToken.line ?? type.line,
          message: `${type.name}.${field.name.value}: ${problem}`,
        })),
      ),
    ),
  );

function problemsOf(field: FieldDefinitionNode, isRoot: boolean, names: ReadonlySet<string>): readonly string[] {
  const all = field.arguments ?? [];
  const marked = all.filter(({ directives }) => applied(names, directives).length > 0);
  const strayHandles = all.filter((argument) => namedTypeOf(argument.type) === HANDLE && !marked.includes(argument));
  return [
    ...(marked.length > 0 && !isRoot
      ? ['@subjectArgument belongs on root fields: the persons of other fields are known from their objects']
      : []),
    ...(marked.length > 1 ? ['@subjectArgument stands on more than one argument: a question names one person'] : []),
    ...marked
      .filter((argument) => !isRequiredForm(argument))
      .map(
        ({ name }) => `the argument "${name.value}" names a person: make it Iin! or PersonHandle!, without a default`,
      ),
    ...strayHandles.map(({ name }) => `the argument "${name.value}" takes a handle: write @subjectArgument on it`),
  ];
}

function isRequiredForm({ type, defaultValue }: InputValueDefinitionNode): boolean {
  return defaultValue === undefined && type.kind === Kind.NON_NULL_TYPE && isForm(type.type);
}

function isForm(type: TypeNode): boolean {
  return type.kind === Kind.NAMED_TYPE && FORMS.has(type.name.value);
}
