import { namedTypeOf } from '../declared-types.js';
import type { LintRule, Problem } from './problem.js';

/** The field that @subject names exists: on the type itself, or on the type that a link leads to. */
export const subjectFieldExists: LintRule = (registers, facts) =>
  registers.flatMap(({ register, types }) =>
    [...types.values()].flatMap((type): Problem[] => {
      const has = (typeName: string, field: string): boolean =>
        types.get(typeName)?.fields.some(({ name }) => name.value === field) ?? false;
      const at = (line: number, message: string): Problem => ({
        rule: 'subject-field-exists',
        file: register.file,
        line,
        message,
      });
      const own = facts.subjects[`${register.name} ${type.name}`];
      const ofType =
        own !== undefined && !has(type.name, own)
          ? [at(type.line, `@subject of ${type.name} names the field "${own}", which it does not have`)]
          : [];
      const ofLinks = type.fields.flatMap((field) => {
        const link = facts.links[`${register.name} ${type.name}.${field.name.value}`];
        if (link === undefined || link.field === field.name.value || has(namedTypeOf(field.type), link.field))
          return [];
        return [
          at(
            field.name.loc?.startToken.line ?? type.line,
            `@subject of ${type.name}.${field.name.value} names the field "${link.field}", which ${namedTypeOf(field.type)} does not have`,
          ),
        ];
      });
      return [...ofType, ...ofLinks];
    }),
  );
