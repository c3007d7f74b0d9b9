import { Numeral } from './numeral.js';

/** Whether a value is an object as JSON knows it: neither `null` nor an array nor a {@link Numeral}. */
// eslint-disable-next-line no-restricted-syntax -- this is the one definition
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Numeral);
}

/** Whether a value can stand where a scalar is: a text, a number, a {@link Numeral}, a boolean, or `null`. */
export function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null || value instanceof Numeral;
}

/** Returns an own member of the object, or `undefined` if the name is absent or inherited. */
export function ownMember<Value>(object: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

const EMPTY_PROTOTYPE: object = Object.freeze(Object.create(null) as object);

/** Constructs objects that stay fast in V8. `Object.create(null)` does not: V8 keeps its objects as hash tables. */
const Bare = function Bare() {} as unknown as new () => Record<string, unknown>;
Object.defineProperty(Bare, 'prototype', { value: EMPTY_PROTOTYPE });

/**
 * Returns an empty object that inherits no member. Any name, `__proto__` and `constructor` included, is absent
 * until it is set, and is then a member of this object alone. The prototype is empty and frozen.
 */
export function bareObject(): Record<string, unknown> {
  return new Bare();
}

/**
 * Returns the source of a function `Shape` that constructs bare objects with these keys. `Shape` takes one value for
 * each key. `quotedKeys` are string literals. The name `EMPTY` in the source must be bound to {@link emptyPrototype}.
 */
export function shapeCode(quotedKeys: readonly string[]): string {
  const values = quotedKeys.map((_, position) => `v${position}`);
  const settings = quotedKeys.map((key, position) => `this[${key}] = v${position};`);
  return `function Shape(${values.join(', ')}) { ${settings.join(' ')} } Object.defineProperty(Shape, 'prototype', { value: EMPTY });`;
}

/** Returns the prototype of bare objects. */
export function emptyPrototype(): object {
  return EMPTY_PROTOTYPE;
}
