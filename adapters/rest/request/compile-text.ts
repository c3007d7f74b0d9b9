import { ownMember } from '../../../schemas/objects.js';
import { CONSTANT, parseTemplate } from './placeholders.js';
import { compileLeaf, compileList, type Leaf, type RequestValues } from './values.js';

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
  const parts = parsed.map((part) => {
    if ('text' in part) return part;
    const { name } = part;
    if (isConstant(name)) return { text: encode(String(constantOf(name, constants)), name) };
    return { name, valueOf: compileLeaf(name) };
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
      filled += encode(String(value), part.name);
    }
    return filled;
  };
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
