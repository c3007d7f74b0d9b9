import { compileTemplate, type CompiledValue, type Constants } from './compile-text.js';
import type { QueryValue } from './request-source.js';
import { compileRepeated } from './repeated.js';
import { ValueRefused, type Leaf, type RequestValues } from './values.js';

/** Writes parameters without a value at the end of those that are written. */
type WriteParameter = (values: RequestValues, written: string[]) => void;

/**
 * Compiles the parameters of a query or a form. Returns a function that writes them in the form of
 * `application/x-www-form-urlencoded` (WHATWG URL, section 5), spaces as %20: names and values encoded, so that no value
 * ends its parameter. A parameter without a value is left out. `isBatch`: whether the request asks for many keys, for each
 * of which the template in a list of one is written.
 */
export function compileQuery(
  parameters: Readonly<Record<string, QueryValue>>,
  constants: Constants,
  isBatch: boolean,
): (values: RequestValues) => string {
  const writers = Object.entries(parameters).map(([name, value]) =>
    compileParameter(name, value, { constants, isBatch }),
  );
  if (writers.length === 0) return () => '';
  return (values) => {
    const written: string[] = [];
    for (const write of writers) write(values, written);
    return written.join('&');
  };
}

interface Compiling {
  readonly constants: Constants;
  readonly isBatch: boolean;
}

type Fixed = string | number | boolean;

function compileParameter(name: string, value: QueryValue, compiling: Compiling): WriteParameter {
  if (typeof value !== 'object' || Array.isArray(value)) return repeated(name, value, compiling);
  if ('joined' in value) return joined(name, value, compiling);
  const members = Object.entries(value.deep).map(([member, inner]) => repeated(`${name}[${member}]`, inner, compiling));
  return (values, written) => members.forEach((write) => write(values, written));
}

function repeated(name: string, templates: Fixed | readonly Fixed[], compiling: Compiling): WriteParameter {
  const prefix = `${encodeURIComponent(name)}=`;
  const all = compileLeaves(templates, compiling);
  return (values, written) => {
    for (const { leaves } of all)
      for (const leaf of leaves(values)) written.push(prefix + encodeURIComponent(String(leaf)));
  };
}

function joined(
  name: string,
  { joined: templates, with: separator }: Extract<QueryValue, { readonly joined: unknown }>,
  compiling: Compiling,
): WriteParameter {
  const prefix = `${encodeURIComponent(name)}=`;
  // A comma and a semicolon may stand in a query as they are, and some registers read them only so.
  const between = separator === ',' || separator === ';' ? separator : encodeURIComponent(separator);
  const all = compileLeaves(templates, compiling);
  return (values, written) => {
    const texts = all.flatMap(({ compiled, leaves }) => {
      const given = leaves(values).map(String);
      // It would be read as two values.
      if (given.some((leaf) => leaf.includes(separator)))
        throw new ValueRefused('name' in compiled ? compiled.name : name);
      return given.map(encodeURIComponent);
    });
    if (texts.length > 0) written.push(prefix + texts.join(between));
  };
}

interface CompiledLeaves {
  readonly compiled: CompiledValue;
  readonly leaves: (values: RequestValues) => readonly Leaf[];
}

function compileLeaves(
  templates: Fixed | readonly Fixed[],
  { constants, isBatch }: Compiling,
): readonly CompiledLeaves[] {
  const isOneItem = isBatch && typeof templates === 'object' && templates.length === 1;
  return [templates].flat().map((template) => {
    const compiled = compileTemplate(template, constants);
    const leaves = (values: RequestValues): readonly Leaf[] => leavesOf(compiled, values);
    if (!isOneItem) return { compiled, leaves };
    const each = compileRepeated(template, leaves);
    return { compiled, leaves: (values) => each(values).flat() };
  });
}

function leavesOf(compiled: CompiledValue, values: RequestValues): readonly Leaf[] {
  if ('fixed' in compiled) return [compiled.fixed];
  if ('list' in compiled) return compiled.list(values) ?? [];
  const leaf = compiled.leaf(values);
  return leaf === undefined ? [] : [leaf];
}
