import type { LintRule, Problem } from './problem.js';

/** Registers that resolve the same field agree on its category. Root fields are each register's own. */
export const categoryDiffers: LintRule = (registers, facts) => {
  const said = new Map<string, { readonly register: string; readonly category: string }>();
  const problems: Problem[] = [];
  for (const { register, types } of registers) {
    for (const type of types.values()) {
      for (const field of type.fields) {
        const coordinate = `${type.name}.${field.name.value}`;
        const category = facts.categories[`${register.name} ${coordinate}`];
        const earlier = said.get(coordinate);
        if (category === undefined) continue;
        if (earlier === undefined) said.set(coordinate, { register: register.name, category });
        else if (earlier.category !== category) {
          problems.push({
            rule: 'category-differs',
            file: register.file,
            line: field.name.loc?.startToken.line ?? type.line,
            message: `${coordinate} is ${category} here and ${earlier.category} in ${earlier.register}: write the same category in both`,
          });
        }
      }
    }
  }
  return problems;
};
