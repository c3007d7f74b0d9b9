import { bareObject, isObject } from '../../../schemas/objects.js';
import type { RequiredSelection, Rewrite } from '../../planning/plan.js';
import { compileInputRewrites } from '../reads/rewrites.js';
import type { Annotations } from '../data/annotations.js';
import type { DataObject } from '../data/data-object.js';
import { isWithheld, type Fault } from '../data/fault.js';
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

/**
 * Returns why a value that a representation is made of is missing: withheld, failed, rejected or not of its type.
 * Returns undefined if nothing is missing for a known reason. What is withheld comes first: an atomic operation releases
 * nothing then, even if other values are missing as well.
 */
export type MissingValue = (entity: DataObject, annotations: Annotations) => Fault | undefined;

export function compileMissingValue(requires: readonly RequiredSelection[]): MissingValue {
  const find = findMissing(requires);
  return (entity, annotations) => (annotations.hasFaults ? find(entity, annotations) : undefined);
}

function findMissing(selections: readonly RequiredSelection[]): MissingValue {
  const finds = selections.map((selection): MissingValue => {
    const below = findMissing(selection.selections);
    if (selection.kind === 'type') return below;
    return (entity, annotations) => missingAt(entity, selection.from, below, annotations);
  });
  return (entity, annotations) => withheldOrFirst(finds, (find) => find(entity, annotations));
}

function missingAt(
  holder: object,
  key: string | number,
  below: MissingValue,
  annotations: Annotations,
): Fault | undefined {
  const value = (holder as Record<string | number, unknown>)[key];
  if (value === null || value === undefined) return annotations.faultAt(holder, key);
  if (isObject(value)) return below(value, annotations);
  if (!Array.isArray(value)) return undefined;
  return withheldOrFirst(value, (_, position) => missingAt(value, position, below, annotations));
}

/** Returns the first fault of something withheld, else the first fault. */
function withheldOrFirst<T>(
  items: readonly T[],
  find: (item: T, position: number) => Fault | undefined,
): Fault | undefined {
  let first: Fault | undefined;
  for (let position = 0; position < items.length; position += 1) {
    const fault = find(items[position] as T, position);
    if (fault && isWithheld(fault)) return fault;
    first ??= fault;
  }
  return first;
}
