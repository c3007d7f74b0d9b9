import { namedTypeOf } from '../declared-types.js';
import type { LintRule } from './problem.js';

/** The scalar of personal identifiers. */
const IDENTIFIER = 'Iin';

/** A type that holds a second person's identifier says whose: @subject with a role. */
export const subjectRoleMissing: LintRule = (registers, facts) =>
  registers.flatMap(({ register, types }) =>
    [...types.values()].flatMap((type) =>
      type.fields
        .filter((field) => namedTypeOf(field.type) === IDENTIFIER)
        .filter((field) => facts.subjects[`${register.name} ${type.name}`] !== field.name.value)
        .filter((field) => facts.links[`${register.name} ${type.name}.${field.name.value}`] === undefined)
        .map((field) => ({
          rule: 'subject-role-missing',
          file: register.file,
          line: field.loc?.startToken.line ?? type.line,
          message: `${type.name}.${field.name.value} identifies a person without saying whom: write @subject(field: "${field.name.value}", role: "...")`,
        })),
    ),
  );
