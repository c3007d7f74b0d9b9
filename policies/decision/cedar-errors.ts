import type { DetailedError } from './cedar.js';

/** The messages of Cedar's errors in one line. */
export function messageOf(errors: readonly DetailedError[]): string {
  return errors.map(({ message }) => message).join('; ');
}

/** The line of the first error in this text, from 1. Undefined where Cedar names no place. */
export function lineOf(errors: readonly DetailedError[], text: string): number | undefined {
  const start = errors[0]?.sourceLocations?.[0]?.start;
  // Cedar counts bytes, not characters.
  return start === undefined ? undefined : lineAt(text, Buffer.from(text).subarray(0, start).toString().length);
}

/** The line in which the character at this index stands, from 1. A negative index means the first line. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, Math.max(index, 0)).split('\n').length;
}
