/** A key that is asked of a table: the values of its columns, as texts. */
export type Key = readonly string[];

/** Returns a key value as a text. Undefined if it is neither a text nor, where those are taken, a whole number. */
export function keyText(value: unknown, takesNumbers: boolean): string | undefined {
  if (typeof value === 'string') return value;
  return takesNumbers && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Whether a key has all its values. */
export function isComplete(key: readonly (string | undefined)[]): key is Key {
  return !key.includes(undefined);
}
