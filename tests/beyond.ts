import type { RegisterAnswer } from '../adapters/port.js';

/** Returns what an answer says that came beyond its selections: `Type.field`, and `*` for what no field reads. */
export function beyondOf({ groups }: RegisterAnswer): readonly string[] {
  const found = groups.flatMap(({ beyond }) => [
    ...(beyond?.fields ?? []).map(({ type, name }) => `${type}.${name}`),
    ...(beyond?.isUnmapped === true ? ['*'] : []),
  ]);
  return [...new Set(found)].sort();
}
