import { ownMember } from '../../../schemas/objects.js';
import { placeholdersIn, type Placeholder } from './placeholders.js';
import { ValueRefused, type RequestValues } from './values.js';

/** Placeholders that have one value for the whole request, and not one for each key. */
const OF_REQUEST = /^(?:select$|page\.|constant\.)/;

/** Returns the texts in a template, in order. `isRepeated`: whether the text is in a list of one item. */
export function textsOf(
  template: unknown,
  isRepeated = false,
): readonly { readonly text: string; readonly isRepeated: boolean }[] {
  if (typeof template === 'string') return [{ text: template, isRepeated }];
  if (typeof template !== 'object' || template === null) return [];
  if (Array.isArray(template)) {
    const isOne = isRepeated || template.length === 1;
    return template.flatMap((one) => textsOf(one, isOne));
  }
  return Object.values(template).flatMap((one) => textsOf(one, isRepeated));
}

/**
 * Returns the placeholders of a template of a request. In one that asks for many keys, a placeholder in a list of one item
 * stands for a list of values, as `{name[]}` does: the item is written for each key.
 */
export function placeholdersOf(template: unknown, isBatch: boolean): readonly Placeholder[] {
  return textsOf(template).flatMap(({ text, isRepeated }) =>
    placeholdersIn(text).map(({ name, isList }) => ({
      name,
      isList: isList || (isBatch && isRepeated && !OF_REQUEST.test(name)),
    })),
  );
}

/** Fills one item of a list. */
type FillItem<Filled> = (values: RequestValues) => Filled;

/**
 * Compiles the only item of a list in a request that asks for many keys. The item is written once for each key, with the
 * values of that key in its placeholders `{name}`. An item without such a placeholder is written once.
 */
export function compileRepeated<Filled>(
  template: unknown,
  fillItem: FillItem<Filled>,
): (values: RequestValues) => readonly Filled[] {
  const names = [
    ...new Set(
      textsOf(template)
        .flatMap(({ text }) => placeholdersIn(text))
        .filter(({ name, isList }) => !isList && !OF_REQUEST.test(name))
        .map(({ name }) => name),
    ),
  ];
  return (values) => {
    const columns = names.flatMap((name) => {
      const given = ownMember<unknown>(values, name);
      return Array.isArray(given) ? [{ name, given: given as readonly unknown[] }] : [];
    });
    const [first] = columns;
    if (first === undefined) return [fillItem(values)];
    const odd = columns.find(({ given }) => given.length !== first.given.length);
    if (odd !== undefined) throw new ValueRefused(odd.name);
    return first.given.map((_, row) => {
      const own: Record<string, unknown> = { ...values };
      for (const { name, given } of columns) own[name] = given[row];
      return fillItem(own);
    });
  };
}
