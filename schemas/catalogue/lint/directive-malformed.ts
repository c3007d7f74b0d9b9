import { Kind, type ArgumentNode, type DirectiveNode, type FieldDefinitionNode } from 'graphql';
import { SENSITIVITIES } from '../../vocabulary.js';
import { applied } from '../directive-arguments.js';
import type { GovernanceDirective } from '../governance-names.js';
import type { DeclaredType } from '../declared-types.js';
import type { LintedRegister, LintRule, Problem } from './problem.js';

type Directives = readonly DirectiveNode[] | undefined;

interface Shape {
  /** Whether an argument's value is what `schemas/directives.graphql` says. */
  readonly arguments: Readonly<Record<string, (argument: ArgumentNode) => boolean>>;
  readonly required: readonly string[];
}

const isText = ({ value }: ArgumentNode): boolean => value.kind === Kind.STRING && value.value !== '';
const isTextList = ({ value }: ArgumentNode): boolean =>
  value.kind === Kind.STRING ||
  (value.kind === Kind.LIST && value.values.length > 0 && value.values.every(({ kind }) => kind === Kind.STRING));
const isCategoryName = ({ value }: ArgumentNode): boolean =>
  value.kind === Kind.STRING && /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/.test(value.value);
const isPositiveInt = ({ value }: ArgumentNode): boolean => value.kind === Kind.INT && Number(value.value) > 0;
const isSensitivity = ({ value }: ArgumentNode): boolean =>
  value.kind === Kind.ENUM && SENSITIVITIES.some((name) => name === value.value);

const SHAPES: Readonly<Record<GovernanceDirective, Shape>> = {
  subject: { arguments: { field: isText, role: isText }, required: ['field'] },
  subjectArgument: { arguments: {}, required: [] },
  category: { arguments: { name: isCategoryName, sensitivity: isSensitivity }, required: ['name'] },
  listSize: { arguments: { assumedSize: isPositiveInt }, required: ['assumedSize'] },
  dwelling: { arguments: { field: isText }, required: ['field'] },
  derived: { arguments: { from: isTextList, by: isText }, required: ['from', 'by'] },
};

/**
 * A governance directive has the arguments that `schemas/directives.graphql` defines, and is applied at
 * most once to one element: the gate can decide on one category and one person only.
 */
export const directiveMalformed: LintRule = (registers) =>
  registers.flatMap((linted) =>
    [...linted.types.values()].flatMap((type) => [
      ...problemsAt(type.name, type.directives, type.line, linted),
      ...type.fields.flatMap((field) => fieldProblems(type, field, linted)),
    ]),
  );

function fieldProblems(type: DeclaredType, field: FieldDefinitionNode, linted: LintedRegister): readonly Problem[] {
  const line = field.name.loc?.startToken.line ?? type.line;
  const place = `${type.name}.${field.name.value}`;
  const onArguments = (field.arguments ?? []).flatMap(({ name, directives }) =>
    problemsAt(`${place}(${name.value}:)`, directives, line, linted),
  );
  return [...problemsAt(place, field.directives, line, linted), ...onArguments];
}

function problemsAt(
  place: string,
  directives: Directives,
  line: number,
  { register, names }: LintedRegister,
): readonly Problem[] {
  const at = (message: string): Problem => ({ rule: 'directive-malformed', file: register.file, line, message });
  return Object.entries(SHAPES).flatMap(([name, shape]) => {
    const found = applied(names[name as GovernanceDirective], directives);
    return [
      ...(found.length > 1
        ? [
            at(
              `${place} has @${name} ${found.length} times: write one; a second person or category goes on a field of its own`,
            ),
          ]
        : []),
      ...found.flatMap((directive) =>
        shapeProblems(name, shape, directive.arguments ?? []).map((problem) => at(`${place}: ${problem}`)),
      ),
    ];
  });
}

function shapeProblems(directive: string, shape: Shape, given: readonly ArgumentNode[]): readonly string[] {
  const missing = shape.required.filter((name) => !given.some((argument) => argument.name.value === name));
  const wrong = given.filter(
    (argument) =>
      !(Object.hasOwn(shape.arguments, argument.name.value) && shape.arguments[argument.name.value]?.(argument)),
  );
  return [
    ...missing.map((name) => `@${directive} needs ${name}`),
    ...wrong.map((argument) => `@${directive}(${argument.name.value}:) ${wrongText(directive, argument)}`),
  ];
}

/** A category is what a steward writes by hand, often over the placeholder of `tereze register new`. */
function wrongText(directive: string, { name, value }: ArgumentNode): string {
  if (directive === 'category' && name.value === 'name' && value.kind === Kind.STRING)
    return `is ${JSON.stringify(value.value)}: write a category, small letters with a dot, such as "population.identity"`;
  return 'is not as schemas/directives.graphql has it';
}
