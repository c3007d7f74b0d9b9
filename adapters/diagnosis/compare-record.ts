import type { MappedTypes } from '../mapping/mapped-field.js';
import { mappedPathsOf, type MappedPath } from '../mapping/mapped-paths.js';
import type { Path } from '../mapping/path.js';
import { pointer } from '../json-pointer.js';
import { isObject, ownMember } from '../../schemas/objects.js';

/** How a record differs from its mapping. Names only. */
export interface RecordDifference {
  /** Fields whose path the record does not have. */
  readonly neverOccurred: readonly { readonly field: string; readonly at: string }[];
  /** Members of the record that no field is mapped to, as JSON pointers without positions in lists. */
  readonly unmapped: readonly string[];
}

/**
 * Compares the record of a person, wherever it is in the answers, with the mapping of its type. Returns undefined if no
 * answer holds an object with the person’s key.
 */
export function compareRecord(
  types: MappedTypes,
  { type, key }: { readonly type: string; readonly key: string },
  person: string,
  answers: readonly unknown[],
): RecordDifference | undefined {
  const mapped = mappedPathsOf(types, type);
  const keyAt = mapped.find(({ field }) => field === `${type}.${key}`)?.at ?? [key];
  const record = findRecord(answers, keyAt, person);
  if (record === undefined) return undefined;
  return {
    neverOccurred: mapped.filter(({ at }) => !occurs(record, at)).map(({ field, at }) => ({ field, at: pointer(at) })),
    unmapped: [...new Set(unmappedIn(record, [], mapped))],
  };
}

/** Returns the first object whose key is the person’s, in the order in which it was written. */
function findRecord(
  values: readonly unknown[],
  keyAt: Path,
  person: string,
): Readonly<Record<string, unknown>> | undefined {
  for (const value of values) {
    if (isObject(value) && String(valueAt(value, keyAt)) === person) return value;
    const inner = isObject(value) ? Object.values(value) : Array.isArray(value) ? value : [];
    const found = findRecord(inner, keyAt, person);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueAt(from: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => stepInto(value, step), from);
}

function stepInto(value: unknown, step: string | number): unknown {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  return isObject(value) ? ownMember(value, step) : undefined;
}

/** Whether a path leads to something, in any item of a list on the way. A null occurs. */
function occurs(value: unknown, path: Path): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return value !== undefined;
  // What is null or empty has no members, and says nothing about their names.
  if (value === null || (Array.isArray(value) && value.length === 0)) return true;
  if (typeof step === 'string' && Array.isArray(value)) return value.some((item) => occurs(item, path));
  return occurs(stepInto(value, step), rest);
}

function unmappedIn(value: unknown, at: readonly string[], mapped: readonly MappedPath[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => unmappedIn(item, at, mapped));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = [...at, name];
    const near = mapped.filter((one) => isWithin(namesOf(one.at), here));
    if (near.length === 0) return [pointer(here.map(shownName))];
    if (near.some((one) => one.isLeaf && namesOf(one.at).length <= here.length)) return [];
    return unmappedIn(inner, here, near);
  });
}

function namesOf(path: Path): readonly string[] {
  return path.filter((step) => typeof step === 'string');
}

function isWithin(path: readonly string[], here: readonly string[]): boolean {
  return here.every((name, place) => path[place] === undefined || path[place] === name);
}

/** A register may use values as names. */
function shownName(name: string): string {
  return /\d{6}/.test(name) || name.length > 100 ? '{...}' : name;
}
