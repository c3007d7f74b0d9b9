import { Kind } from 'graphql';
import { namedTypeOf, ROOT_TYPES } from '../declared-types.js';
import type { GovernanceFacts } from '../governance-index.js';
import type { LintedRegister, LintRule } from './problem.js';

/** The scalar of personal identifiers. */
const IDENTIFIER = 'Iin';

/**
 * A field that holds a second person's identifier, or leads to objects about a person, has @subject with a
 * role. Root fields name their person by an argument.
 */
export const subjectRoleMissing: LintRule = (registers, facts) =>
  registers.flatMap((linted) => {
    const { register, types } = linted;
    const personal = personalTypes(linted, facts);
    return [...types.values()]
      .filter((type) => !ROOT_TYPES.has(type.name))
      .flatMap((type) =>
        type.fields
          .filter((field) => personal.has(namedTypeOf(field.type)))
          .filter((field) => facts.subjects[`${register.name} ${type.name}`] !== field.name.value)
          .filter((field) => facts.links[`${register.name} ${type.name}.${field.name.value}`] === undefined)
          .map((field) => ({
            rule: 'subject-role-missing',
            file: register.file,
            line: field.name.loc?.startToken.line ?? type.line,
            message: `${type.name}.${field.name.value} leads to a person without saying in which role: write @subject(field: "...", role: "...")`,
          })),
      );
  });

/** Types that identify or describe a person: the identifier, types with a subject, and interfaces and unions with such a member. */
function personalTypes({ register, types }: LintedRegister, facts: GovernanceFacts): ReadonlySet<string> {
  const about = [...types.values()].filter(({ name }) => facts.subjects[`${register.name} ${name}`] !== undefined);
  const names = new Set([IDENTIFIER, ...about.flatMap(({ name, interfaces }) => [name, ...interfaces])]);
  const unions = register.document.definitions.flatMap((node) =>
    node.kind === Kind.UNION_TYPE_DEFINITION || node.kind === Kind.UNION_TYPE_EXTENSION ? [node] : [],
  );
  return new Set([
    ...names,
    ...unions
      .filter(({ types: members }) => members?.some(({ name }) => names.has(name.value)))
      .map(({ name }) => name.value),
  ]);
}
