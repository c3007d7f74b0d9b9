import { ownMember } from '../../../schemas/objects.js';
import type { RestListField } from '../list-source.js';
import type { RequestValues } from '../request/values.js';
import { memberPlaceholder } from './without-operations.js';

type Given = Readonly<Record<string, unknown>>;

/** Returns the values of an operation's placeholders from the arguments of a field. */
export type ValuesFrom = (given: Given) => RequestValues;

/**
 * Compiles the arguments of a field with an operation. Each argument is the placeholder of its name; `written` adds those
 * of other names.
 */
export function compileArguments(written: Readonly<Record<string, string>> | undefined): ValuesFrom {
  if (written === undefined) return (given) => given;
  const named = Object.entries(written);
  return (given) => {
    const values: Record<string, unknown> = { ...given };
    for (const [placeholder, argument] of named) values[placeholder] = ownMember(given, argument);
    return values;
  };
}

/**
 * Compiles the arguments of a field with a list of its own. An absent argument has its default. A number outside the range
 * that the register knows becomes the nearest one in it.
 */
export function compileListArguments({ arguments: known }: RestListField): ValuesFrom {
  const named = Object.entries(known);
  return (given) => {
    const values: Record<string, unknown> = {};
    for (const [name, { member, default: usual, least, most }] of named) {
      const value = ownMember(given, name);
      values[memberPlaceholder(member)] =
        typeof value === 'number' ? Math.min(most, Math.max(least, Math.trunc(value))) : usual;
    }
    return values;
  };
}
