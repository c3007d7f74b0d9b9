import { bareObject } from '../../../schemas/objects.js';

/** An object of the answer's data, or a register's record on its way there. */
export type DataObject = Record<string, unknown>;

/** Returns a copy of a leaf value, so that the answer shares no list or custom scalar with an adapter. `undefined` becomes null. */
export function copyLeaf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value === undefined ? null : value;
  if (Array.isArray(value)) return value.map(copyLeaf);
  const copy = bareObject();
  for (const [key, item] of Object.entries(value)) copy[key] = copyLeaf(item);
  return copy;
}
