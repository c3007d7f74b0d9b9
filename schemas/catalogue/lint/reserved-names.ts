import type { LintRule } from './problem.js';

/** Prefixes that the gateway writes into response keys (alias hardening, sources of derived fields, guarding numbers) and those of the planner. */
export const RESERVED_PREFIXES = ['_a_', '_d_', '_g_', '_internal_qp_', '_e'] as const;

/** No field has a name like a key that the gateway writes. */
export const reservedNames: LintRule = (registers) =>
  registers.flatMap(({ register, types }) =>
    [...types.values()].flatMap((type) =>
      type.fields
        .filter(({ name }) => RESERVED_PREFIXES.some((prefix) => name.value.startsWith(prefix)))
        .map((field) => ({
          rule: 'reserved-names',
          file: register.file,
          line: field.name.loc?.startToken.line ?? type.line,
          message: `${type.name}.${field.name.value} begins with a prefix that the gateway keeps for itself (${RESERVED_PREFIXES.join(', ')})`,
        })),
    ),
  );
