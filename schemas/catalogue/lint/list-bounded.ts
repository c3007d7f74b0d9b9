import { isListType } from '../declared-types.js';
import type { LintRule } from './problem.js';

/** A register says how long each list can be, so that no question can ask for a whole population. A longer list is cut. */
export const listBounded: LintRule = (registers, facts) =>
  registers.flatMap(({ register, types }) =>
    [...types.values()].flatMap((type) =>
      type.fields
        .filter(
          (field) =>
            isListType(field.type) &&
            facts.listBounds[`${register.name} ${type.name}.${field.name.value}`] === undefined,
        )
        .map((field) => ({
          rule: 'list-bounded',
          file: register.file,
          line: field.name.loc?.startToken.line ?? type.line,
          message: `${type.name}.${field.name.value} is a list without a bound: write @listSize(assumedSize: N) on it or on the list argument that it answers, or give it an argument "first" that is required or has a default`,
        })),
    ),
  );
