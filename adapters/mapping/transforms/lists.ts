import { VALUE_TYPE } from '../value-fault.js';

/** Removes white space at both ends of a text. */
export function trim(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : VALUE_TYPE;
}

/** Returns how the texts of a list are put together. Nothing of a list that holds anything else is read. */
export function joiner(between: string): (value: unknown) => unknown {
  return (value) =>
    Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.join(between) : VALUE_TYPE;
}

/** Returns how a text is split. */
export function splitter(by: string): (value: unknown) => unknown {
  return (value) => {
    if (typeof value !== 'string') return VALUE_TYPE;
    return value === '' ? [] : value.split(by);
  };
}

/** Takes the first item of a list. */
export function first(value: unknown): unknown {
  return Array.isArray(value) ? (value[0] ?? null) : VALUE_TYPE;
}
