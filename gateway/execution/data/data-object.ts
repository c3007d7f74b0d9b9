import { bareObject, isLeaf } from '../../../schemas/objects.js';

/** An object of the answer's data, or a register's record on its way there. */
export type DataObject = Record<string, unknown>;

/** Returns a copy of a leaf value, so that the answer shares no list or custom scalar with an adapter. `undefined` becomes null. */
export function copyLeaf(value: unknown): unknown {
  if (isLeaf(value)) return value === undefined ? null : value;
  if (Array.isArray(value)) return value.map(copyLeaf);
  const copy = bareObject();
  for (const [key, item] of Object.entries(value as object)) copy[key] = copyLeaf(item);
  return copy;
}
