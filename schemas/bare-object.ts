/** Makes objects that stay fast in V8, which `Object.create(null)` does not: that makes hash tables. */
const Bare = function Bare() {} as unknown as new () => Record<string, unknown>;
Object.defineProperty(Bare, 'prototype', { value: Object.freeze(Object.create(null)) });

/**
 * An empty object that inherits no member: any name, `__proto__` and `constructor` included, is its
 * own when it is set, and is not there before. Its prototype is empty and frozen.
 */
export function bareObject(): Record<string, unknown> {
  return new Bare();
}
