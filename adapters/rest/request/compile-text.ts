import { ownMember } from '../../../schemas/objects.js';
import { CONSTANT, parseTemplate, type TemplatePart } from './placeholders.js';
import { compileLeaf, compileList, ValueRefused, type Leaf, type RequestValues } from './values.js';

/** Values of `constants` in `source.yaml`. */
export type Constants = Readonly<Record<string, string | number | boolean>>;

/** Encodes a value for the place where it stands. Throws `ValueRefused` for a value that has no place there. */
export type Encode = (value: string, placeholder: string) => string;

/**
 * Returns a function that fills a template; undefined if a placeholder has no value. Throws for a brace that belongs to
 * no placeholder and for an unknown constant.
 */
export function compileText(
  template: string,
  constants: Constants,
  encode: Encode,
): (values: RequestValues) => string | undefined {
  const parsed = parseTemplate(template);
  if (parsed === undefined) throw new Error(`${template} has a brace that belongs to no placeholder`);
  const parts = parsed.map((part, position) => {
    if ('text' in part) return part;
    const { name } = part;
    if (isConstant(name)) return { text: encode(String(constantOf(name, constants)), name) };
    return { name, valueOf: compileLeaf(name), isRefused: compileRefused(parsed, position) };
  });
  return (values) => {
    let filled = '';
    for (const part of parts) {
      if ('text' in part) {
        filled += part.text;
        continue;
      }
      const value = part.valueOf(values);
      if (value === undefined) return undefined;
      const text = String(value);
      if (part.isRefused?.(text)) throw new ValueRefused(part.name);
      filled += encode(text, part.name);
    }
    return filled;
  };
}

/** Signs that end what another sign begins, in the languages in which registers take conditions and keys. */
const ENDS: Readonly<Record<string, RegExp>> = {
  "'": /['\\]/,
  '"': /["\\]/,
  '`': /[`\\]/,
  '(': /[()]/,
  '[': /[[\]]/,
  '<': /[<>]/,
};

/**
 * Returns whether a value would end its place in the text of a template: it holds the sign that ends what the sign before
 * it begins, or the text that stands between it and the next value. Undefined if no value can.
 */
function compileRefused(parts: readonly TemplatePart[], position: number): ((value: string) => boolean) | undefined {
  const [before, after, next] = [parts[position - 1], parts[position + 1], parts[position + 2]];
  const ends = before !== undefined && 'text' in before ? ENDS[before.text.slice(-1)] : undefined;
  // Words with spaces between them are one text: many names of people have several.
  const isApart = after !== undefined && 'text' in after && after.text.trim() !== '';
  const between = isApart && next !== undefined && 'name' in next && !isConstant(next.name) ? after.text : undefined;
  if (ends === undefined && between === undefined) return undefined;
  return (value) =>
    ends?.test(value) === true || (between !== undefined && `${value}${between}`.indexOf(between) < value.length);
}

/** A template whose value keeps its type: a fixed value, a list, or one value. */
export type CompiledValue =
  | { readonly fixed: Leaf }
  | { readonly list: (values: RequestValues) => readonly Leaf[] | undefined; readonly name: string }
  | { readonly leaf: (values: RequestValues) => Leaf | undefined; readonly name: string };

/** Compiles a template outside of a path. A template that is one placeholder has the value of it, with its type. */
export function compileTemplate(template: string | number | boolean, constants: Constants): CompiledValue {
  if (typeof template !== 'string') return { fixed: template };
  const parts = parseTemplate(template) ?? [];
  const [first] = parts;
  if (first !== undefined && parts.length === 1 && 'name' in first) {
    const { name } = first;
    if (isConstant(name)) return { fixed: constantOf(name, constants) };
    return first.isList ? { list: compileList(name), name } : { leaf: compileLeaf(name), name };
  }
  const leaf = compileText(template, constants, (value) => value);
  const named = parts.find((part) => 'name' in part && !isConstant(part.name));
  if (named === undefined || 'text' in named) return { fixed: leaf({}) ?? '' };
  return { leaf, name: named.name };
}

function isConstant(name: string): boolean {
  return name.startsWith(CONSTANT);
}

function constantOf(name: string, constants: Constants): string | number | boolean {
  const value = ownMember(constants, name.slice(CONSTANT.length));
  if (value === undefined) throw new Error(`{${name}} is no constant of source.yaml`);
  return value;
}
