import { Kind, type FieldDefinitionNode } from 'graphql';
import { isListType, namedTypeOf, type DeclaredType } from '../declared-types.js';
import type { GovernanceFacts } from '../governance-index.js';
import type { LintedRegister, LintRule } from './problem.js';

/**
 * The field that @dwelling names is one that the gateway can always ask for: a single value of the type itself that
 * is not derived and needs no argument. Without the code a home of a protected person cannot be told from another.
 */
export const dwellingFieldPlain: LintRule = (registers, facts) =>
  registers.flatMap((linted) =>
    [...linted.types.values()].flatMap((type) => {
      const name = facts.dwellings[`${linted.register.name} ${type.name}`];
      const wrong = name === undefined ? undefined : faultOf(name, type, linted, facts);
      if (wrong === undefined) return [];
      return {
        rule: 'dwelling-field-plain',
        file: linted.register.file,
        line: type.line,
        message: `@dwelling of ${type.name} names the field "${name}", which ${wrong}`,
      };
    }),
  );

function faultOf(
  name: string,
  type: DeclaredType,
  { register, types }: LintedRegister,
  facts: GovernanceFacts,
): string | undefined {
  const field = type.fields.find((one) => one.name.value === name);
  if (field === undefined) return 'it does not have';
  if (isListType(field.type)) return 'is a list: a dwelling has one code';
  if (isComposite(field, { register, types })) return 'is an object: name the field with the code itself';
  if (facts.derivations[`${register.name} ${type.name}.${name}`] !== undefined)
    return 'the gateway derives: name a field of the register';
  if (field.arguments?.some((one) => one.type.kind === Kind.NON_NULL_TYPE && one.defaultValue === undefined))
    return 'needs an argument: name one without';
  return undefined;
}

function isComposite(
  { type }: FieldDefinitionNode,
  { register, types }: Pick<LintedRegister, 'register' | 'types'>,
): boolean {
  const name = namedTypeOf(type);
  return (
    types.has(name) ||
    register.document.definitions.some((node) => node.kind === Kind.UNION_TYPE_DEFINITION && node.name.value === name)
  );
}
