import type { FieldDefinitionNode } from 'graphql';
import { textArgument } from '../directive-arguments.js';
import { sunsetOf } from '../sunset.js';
import type { LintRule } from './problem.js';

/** A deprecated field says until when it exists: agencies plan their changes years ahead. */
export const deprecatedSunset: LintRule = (registers) =>
  registers.flatMap(({ register, types }) =>
    [...types.values()].flatMap((type) =>
      type.fields.filter(isUndated).map(({ name }) => ({
        rule: 'deprecated-sunset',
        file: register.file,
        line: name.loc?.startToken.line ?? type.line,
        message: `${type.name}.${name.value} is deprecated without a date: write @deprecated(reason: "what to use instead. Sunset YYYY-MM-DD.")`,
      })),
    ),
  );

function isUndated({ directives }: FieldDefinitionNode): boolean {
  const deprecated = directives?.find(({ name }) => name.value === 'deprecated');
  return deprecated !== undefined && sunsetOf(textArgument(deprecated, 'reason')) === undefined;
}
