import { bareObject } from '../schemas/bare-object.js';

/** A plain JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object without any inherited member: names that a register chose can do no harm in it. */
export function emptyObject(): Record<string, unknown> {
  return bareObject();
}

/** An own member; undefined for anything inherited. */
export function ownMember<Value>(object: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
