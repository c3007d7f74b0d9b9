import { applied, textArgument } from '../directive-arguments.js';
import { namedTypeOf, type DeclaredType } from '../declared-types.js';
import { keyNames } from '../governance-names.js';
import type { LintedRegister, LintRule } from './problem.js';

/**
 * A link to another person leads to that person's number, or to a type about people that the register
 * returns by that number: the gate decides on the linked person first, and the register is then asked
 * about that person in a call of its own.
 */
export const linkNotAskable: LintRule = (registers, facts) =>
  registers.flatMap((linted) =>
    [...linted.types.values()].flatMap((type) =>
      type.fields.flatMap((field) => {
        const link = facts.links[`${linted.register.name} ${type.name}.${field.name.value}`];
        const target = linted.types.get(namedTypeOf(field.type));
        if (link === undefined || target === undefined) return [];
        const isAbout = facts.subjects[`${linted.register.name} ${target.name}`] === link.field;
        if (isAbout && isKeyedBy(target, link.field, linted)) return [];
        return {
          rule: 'link-not-askable',
          file: linted.register.file,
          line: field.name.loc?.startToken.line ?? type.line,
          message: `${type.name}.${field.name.value} leads to ${target.name}, which cannot be asked for by person: write @subject(field: "${link.field}") @key(fields: "${link.field}") on ${target.name}`,
        };
      }),
    ),
  );

function isKeyedBy({ directives }: DeclaredType, field: string, { register }: LintedRegister): boolean {
  return applied(keyNames(register.document), directives).some((key) => textArgument(key, 'fields')?.trim() === field);
}
