import type { LintRule } from './problem.js';

/** Every field has a category: its own, its type's or its interface's. */
export const categoryMissing: LintRule = (registers, facts) =>
  registers.flatMap(({ register, types }) =>
    [...types.values()].flatMap((type) =>
      type.fields
        .filter((field) => facts.categories[`${register.name} ${type.name}.${field.name.value}`] === undefined)
        .map((field) => ({
          rule: 'category-missing',
          file: register.file,
          line: field.name.loc?.startToken.line ?? type.line,
          message: `${type.name}.${field.name.value} has no category: write @category(name: "${register.name}....") on the field or its type`,
        })),
    ),
  );
