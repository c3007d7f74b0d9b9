import { bareObject, isObject } from '../../../schemas/objects.js';
import type { RequiredSelection, Rewrite } from '../../planning/plan.js';
import { compileInputRewrites } from '../reads/rewrites.js';
import type { DataObject } from '../data/data-object.js';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';

export interface Representation {
  /** `__typename` and key fields, as they are sent to the register. */
  readonly key: DataObject;
  /** The key as text. Equal texts are equal representations. */
  readonly text: string;
  readonly type: string;
}

/** Returns the representation of an entity, or undefined if there is nothing but its type to send. */
export type Represent = (entity: DataObject) => Representation | undefined;

export function compileRepresentation(
  requires: readonly RequiredSelection[],
  rewrites: readonly Rewrite[],
  types: SupergraphTypes,
): Represent {
  const read = compileSelections(requires, types);
  const rewrite = compileInputRewrites(rewrites, types);
  return (entity) => {
    const key = bareObject();
    read(entity, key);
    if (!hasKey(key)) return undefined;
    rewrite(key);
    const type = key['__typename'];
    return typeof type === 'string' ? { key, text: JSON.stringify(key), type } : undefined;
  };
}

function hasKey(key: DataObject): boolean {
  for (const name in key) if (name !== '__typename') return true;
  return false;
}

/** Copies the selected fields of an entity into a representation. */
type Read = (from: DataObject, into: DataObject) => void;

function compileSelections(selections: readonly RequiredSelection[], types: SupergraphTypes): Read {
  const writers = selections.map((selection) => compileSelection(selection, types));
  return (from, into) => {
    for (const write of writers) write(from, into);
  };
}

function compileSelection(selection: RequiredSelection, types: SupergraphTypes): Read {
  if (selection.kind === 'type') {
    const read = compileSelections(selection.selections, types);
    const names = types.possibleTypes(selection.name);
    return (from, into) => {
      const type = from['__typename'];
      if (typeof type !== 'string' || names.has(type)) read(from, into);
    };
  }
  const { from: source, to } = selection;
  const read = selection.selections.length > 0 ? compileSelections(selection.selections, types) : undefined;
  return (from, into) => {
    const value = from[source];
    if (value !== null && value !== undefined) into[to] = read ? project(value, read) : value;
  };
}

function project(value: unknown, read: Read): unknown {
  if (Array.isArray(value)) return value.map((item) => project(item, read));
  if (!isObject(value)) return null;
  const part = bareObject();
  read(value, part);
  return part;
}

/** Returns every key that is read from the entity itself, in order. If one is missing, its fault explains the missing representation. */
export function requiredKeys(requires: readonly RequiredSelection[]): readonly string[] {
  return requires.flatMap((selection) =>
    selection.kind === 'type' ? requiredKeys(selection.selections) : [selection.from],
  );
}
