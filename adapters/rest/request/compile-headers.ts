import { compileText, type Constants } from './compile-text.js';
import { CONSTANT, placeholdersIn, type Placeholder } from './placeholders.js';
import { ValueRefused, type RequestValues } from './values.js';

/** Visible ASCII with spaces inside: what every receiver reads as it was written (RFC 9110, section 5.5). */
const FIELD_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * Compiles the headers of a request. A value with a line break, another control character or a character beyond ASCII is
 * refused. A header without a value is left out.
 */
export function compileHeaders(
  headers: Readonly<Record<string, string | number | boolean>>,
  constants: Constants,
): (values: RequestValues) => Readonly<Record<string, string>> {
  const writers = Object.entries(headers).map(([name, template]) => ({
    name,
    fill: compileText(String(template), constants, checkedValue),
  }));
  const fill = (values: RequestValues): Readonly<Record<string, string>> => {
    const filled: Record<string, string> = {};
    for (const { name, fill } of writers) {
      const value = fill(values);
      if (value !== undefined) filled[name] = value;
    }
    return filled;
  };
  const isFixed = Object.values(headers).every((value) => placeholdersIn(String(value)).every(isConstant));
  if (!isFixed) return fill;
  const fixed = fill({});
  return () => fixed;
}

function isConstant({ name }: Placeholder): boolean {
  return name.startsWith(CONSTANT);
}

function checkedValue(value: string, placeholder: string): string {
  if (!FIELD_VALUE.test(value)) throw new ValueRefused(placeholder);
  return value;
}
