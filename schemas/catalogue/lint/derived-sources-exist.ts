import type { LintRule } from './problem.js';

/** The sources of a derived field are plain fields of the same type. */
export const derivedSourcesExist: LintRule = (registers, facts) =>
  registers.flatMap(({ register, types }) =>
    [...types.values()].flatMap((type) =>
      type.fields.flatMap((field) => {
        const derivation = facts.derivations[`${register.name} ${type.name}.${field.name.value}`];
        const plain = new Set(
          type.fields
            .map(({ name }) => name.value)
            .filter((name) => facts.derivations[`${register.name} ${type.name}.${name}`] === undefined),
        );
        const missing = derivation?.from.filter((source) => !plain.has(source)) ?? [];
        return missing.map((source) => ({
          rule: 'derived-sources-exist',
          file: register.file,
          line: field.name.loc?.startToken.line ?? type.line,
          message: `${type.name}.${field.name.value} is derived from "${source}", which is not a plain field of ${type.name}`,
        }));
      }),
    ),
  );
