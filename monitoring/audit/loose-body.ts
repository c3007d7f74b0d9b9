/** A body of which nothing is taken for granted: of any version, or with bytes that someone changed. */
export type Loose = Readonly<Record<string, unknown>>;

/** Returns the members of an object; none of any other value. */
export function membersOf(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? (value as Loose) : {};
}

/** Returns the items of an array; none of any other value. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Returns the members of each item of an array. */
export function itemsOf(value: unknown): readonly Loose[] {
  return listOf(value).map(membersOf);
}

/** Returns the texts in an array. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((one): one is string => typeof one === 'string');
}

/** Returns a text or a number as text; an empty one for any other value. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
