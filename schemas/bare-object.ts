const EMPTY_PROTOTYPE: object = Object.freeze(Object.create(null) as object);

/** Makes objects that stay fast in V8, which `Object.create(null)` does not: that makes hash tables. */
const Bare = function Bare() {} as unknown as new () => Record<string, unknown>;
Object.defineProperty(Bare, 'prototype', { value: EMPTY_PROTOTYPE });

/**
 * An empty object that inherits no member: any name, `__proto__` and `constructor` included, is its
 * own when it is set, and is not there before. Its prototype is empty and frozen.
 */
export function bareObject(): Record<string, unknown> {
  return new Bare();
}

/** Code of a function `Shape` that makes bare objects with these keys of as many values; `EMPTY` in it is {@link emptyPrototype}. `quotedKeys`: as string literals. */
export function shapeCode(quotedKeys: readonly string[]): string {
  const values = quotedKeys.map((_, position) => `v${position}`);
  const settings = quotedKeys.map((key, position) => `this[${key}] = v${position};`);
  return `function Shape(${values.join(', ')}) { ${settings.join(' ')} } Object.defineProperty(Shape, 'prototype', { value: EMPTY });`;
}

/** The prototype of bare objects. */
export function emptyPrototype(): object {
  return EMPTY_PROTOTYPE;
}
