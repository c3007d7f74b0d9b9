import { compileTemplate, type CompiledValue, type Constants } from './compile-text.js';
import type { QueryValue } from './request-source.js';
import { ValueRefused, type Leaf, type RequestValues } from './values.js';

/** Writes parameters without a value at the end of those that are written. */
type WriteParameter = (values: RequestValues, written: string[]) => void;

/**
 * Compiles the parameters of a query or a form. Returns a function that writes them in the form of
 * `application/x-www-form-urlencoded` (WHATWG URL, section 5), spaces as %20: names and values encoded, so that no value
 * ends its parameter. A parameter without a value is left out.
 */
export function compileQuery(
  parameters: Readonly<Record<string, QueryValue>>,
  constants: Constants,
): (values: RequestValues) => string {
  const writers = Object.entries(parameters).map(([name, value]) => compileParameter(name, value, constants));
  if (writers.length === 0) return () => '';
  return (values) => {
    const written: string[] = [];
    for (const write of writers) write(values, written);
    return written.join('&');
  };
}

function compileParameter(name: string, value: QueryValue, constants: Constants): WriteParameter {
  if (typeof value !== 'object') return repeated(name, [value], constants);
  if (Array.isArray(value)) return repeated(name, value, constants);
  if ('joined' in value) return joined(name, value, constants);
  const members = Object.entries(value.deep).map(([member, inner]) =>
    repeated(`${name}[${member}]`, [inner].flat(), constants),
  );
  return (values, written) => members.forEach((write) => write(values, written));
}

function repeated(
  name: string,
  templates: readonly (string | number | boolean)[],
  constants: Constants,
): WriteParameter {
  const prefix = `${encodeURIComponent(name)}=`;
  const all = templates.map((template) => compileTemplate(template, constants));
  return (values, written) => {
    for (const compiled of all)
      for (const leaf of leavesOf(compiled, values)) written.push(prefix + encodeURIComponent(String(leaf)));
  };
}

function joined(
  name: string,
  { joined: templates, with: separator }: Extract<QueryValue, { readonly joined: unknown }>,
  constants: Constants,
): WriteParameter {
  const prefix = `${encodeURIComponent(name)}=`;
  // A comma and a semicolon may stand in a query as they are, and some registers read them only so.
  const between = separator === ',' || separator === ';' ? separator : encodeURIComponent(separator);
  const all = [templates].flat().map((template) => compileTemplate(template, constants));
  return (values, written) => {
    const texts = all.flatMap((compiled) => {
      const leaves = leavesOf(compiled, values).map(String);
      // It would be read as two values.
      if (leaves.some((leaf) => leaf.includes(separator)))
        throw new ValueRefused('name' in compiled ? compiled.name : name);
      return leaves.map(encodeURIComponent);
    });
    if (texts.length > 0) written.push(prefix + texts.join(between));
  };
}

function leavesOf(compiled: CompiledValue, values: RequestValues): readonly Leaf[] {
  if ('fixed' in compiled) return [compiled.fixed];
  if ('list' in compiled) return compiled.list(values) ?? [];
  const leaf = compiled.leaf(values);
  return leaf === undefined ? [] : [leaf];
}
