import { Numeral } from '../../../schemas/numeral.js';
import { isObject, ownMember } from '../../../schemas/objects.js';

/**
 * What the placeholders of one request stand for, by name: a leaf, or a list of leaves. An argument that is an object is
 * reached by a dotted name.
 */
export type RequestValues = Readonly<Record<string, unknown>>;

export type Leaf = string | number | boolean | Numeral;

/** A value that has no place in the request. The message does not hold it. */
export class ValueRefused extends Error {
  constructor(readonly placeholder: string) {
    super(`the value of {${placeholder}} has no place in the request`);
    this.name = 'ValueRefused';
  }
}

/** Returns a function that takes the value of a placeholder: undefined if there is none. */
export function compileValue(name: string): (values: RequestValues) => unknown {
  const steps = name.split('.');
  if (steps.length === 1) return (values) => ownMember(values, name) ?? undefined;
  return (values) => {
    // The names of the gateway's own sources have dots.
    const own = ownMember(values, name);
    if (own !== undefined) return own ?? undefined;
    const found = steps.reduce<unknown>((at, step) => (isObject(at) ? ownMember(at, step) : undefined), values);
    return found ?? undefined;
  };
}

/**
 * Returns a function that takes the one value of a placeholder. It throws {@link ValueRefused} for an object, and for a
 * list other than the selection, which is joined with commas.
 */
export function compileLeaf(name: string): (values: RequestValues) => Leaf | undefined {
  const valueOf = compileValue(name);
  if (name === 'select') return (values) => compileList(name)(values)?.join(',');
  return (values) => {
    const value = valueOf(values);
    return value === undefined ? undefined : checkedLeaf(value, name);
  };
}

/** Returns a function that takes the values of a placeholder; one value is a list of one. */
export function compileList(name: string): (values: RequestValues) => readonly Leaf[] | undefined {
  const valueOf = compileValue(name);
  return (values) => {
    const value = valueOf(values);
    if (value === undefined) return undefined;
    return Array.isArray(value) ? value.map((one) => checkedLeaf(one, name)) : [checkedLeaf(value, name)];
  };
}

function checkedLeaf(value: unknown, name: string): Leaf {
  if (typeof value === 'string') {
    if (value.isWellFormed()) return value;
  } else if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
  } else if (typeof value === 'boolean' || value instanceof Numeral) return value;
  throw new ValueRefused(name);
}
