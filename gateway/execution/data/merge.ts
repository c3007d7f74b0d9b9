import { generateFunction, quoted, type GenerateFunction } from '../../../schemas/generated-function.js';
import { bareObject, isObject } from '../../../schemas/objects.js';
import type { Marks } from './annotations.js';
import type { DataObject } from './data-object.js';

/**
 * Merges admitted data into the answer, in place. A null does not overwrite a value; lists of
 * objects of equal length merge by position, unless the objects there are about different persons.
 * `source` belongs to `target` afterwards: merge a copy where it is merged more than once.
 */
export function mergeInto(target: DataObject, source: DataObject, marks: Marks): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value !== null && value !== undefined) target[key] = mergedValue(target[key], value, marks);
    else if (target[key] === undefined) target[key] = null;
  }
  marks.carry(source, target);
}

/** What stands at a key after a value, which is not null, was merged into what stood there. */
export function mergedValue(before: unknown, value: unknown, marks: Marks): unknown {
  if (isObject(before) && isObject(value)) {
    if (!aboutOthers(before, value, marks)) mergeInto(before, value, marks);
    return before;
  }
  if (isObjectList(before) && isObjectList(value) && before.length === value.length) {
    marks.carry(value, before);
    value.forEach(
      (item, index) => (before[index] = item === null ? before[index] : mergedValue(before[index], item, marks)),
    );
    return before;
  }
  return value;
}

function aboutOthers(one: object, other: object, marks: Marks): boolean {
  const [subject, otherSubject] = [marks.subjectOf(one), marks.subjectOf(other)];
  return subject !== undefined && otherSubject !== undefined && subject.id !== otherSubject.id;
}

function isObjectList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
}

/** A copy that shares no object with the original, with everything that is known of it. */
export function copyOf(source: DataObject, marks: Marks): DataObject {
  const copy = bareObject();
  for (const key of Object.keys(source)) copy[key] = copyValue(source[key], marks);
  marks.carry(source, copy);
  return copy;
}

/** A copy of any value, see {@link copyOf}. */
export function copyValue(value: unknown, marks: Marks): unknown {
  if (isObject(value)) return copyOf(value, marks);
  if (!Array.isArray(value)) return value;
  const copy = value.map((item) => copyValue(item, marks));
  marks.carry(value, copy);
  return copy;
}

/**
 * Merges a record of which nothing is marked into an object of the answer: what `mergeInto` does,
 * for keys that are known beforehand. `isLast`: nobody merges this record any more, so that what
 * stands in it may become the object's own; else it is copied.
 */
export type MergePlain = (target: DataObject, record: DataObject, isLast: boolean, marks: Marks) => void;

/** Wider records are merged key by key. */
const MAX_GENERATED = 200;

export function compileMerge(keys: readonly string[], generate: GenerateFunction = generateFunction): MergePlain {
  return (keys.length > MAX_GENERATED ? undefined : generateMerge(keys, generate)) ?? interpretMerge(keys);
}

function interpretMerge(keys: readonly string[]): MergePlain {
  return (target, record, isLast, marks) => {
    for (const key of keys) {
      const value = record[key];
      if (value === undefined) continue;
      if (value === null) target[key] ??= null;
      else
        target[key] =
          typeof value === 'object' ? mergedValue(target[key], isLast ? value : copyValue(value, marks), marks) : value;
    }
  };
}

function generateMerge(keys: readonly string[], generate: GenerateFunction): MergePlain | undefined {
  const body = `return function merge(target, record, isLast, marks) { var value; ${keys.map((key) => keyCode(quoted(key))).join('\n')} };`;
  const made = generate(['mergedValue', 'copyValue'], body) as
    ((merged: typeof mergedValue, copy: typeof copyValue) => MergePlain) | undefined;
  return made?.(mergedValue, copyValue);
}

function keyCode(key: string): string {
  return `value = record[${key}];
    if (value === null) { if (target[${key}] === undefined) target[${key}] = null; }
    else if (typeof value === 'object') target[${key}] = mergedValue(target[${key}], isLast ? value : copyValue(value, marks), marks);
    else if (value !== undefined) target[${key}] = value;`;
}
