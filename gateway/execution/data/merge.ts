import { generateFunction, quoted, type GenerateFunction } from '../../../schemas/generated-function.js';
import { bareObject, isObject } from '../../../schemas/objects.js';
import type { Annotations } from './annotations.js';
import type { DataObject } from './data-object.js';

/**
 * Merges accepted data into the answer, in place. A null does not overwrite a value. Lists of objects of equal
 * length merge by position, unless the objects are about different people. `source` belongs to `target`
 * afterwards: to merge it more than once, merge copies.
 */
export function mergeInto(target: DataObject, source: DataObject, annotations: Annotations): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value !== null && value !== undefined) target[key] = mergedValue(target[key], value, annotations);
    else if (target[key] === undefined) target[key] = null;
  }
  annotations.carry(source, target);
}

/** Returns what stands at a key after a value that is not null was merged into the value before. */
export function mergedValue(before: unknown, value: unknown, annotations: Annotations): unknown {
  if (isObject(before) && isObject(value)) {
    if (!aboutOthers(before, value, annotations)) mergeInto(before, value, annotations);
    return before;
  }
  if (isObjectList(before) && isObjectList(value) && before.length === value.length) {
    annotations.carry(value, before);
    value.forEach(
      (item, index) => (before[index] = item === null ? before[index] : mergedValue(before[index], item, annotations)),
    );
    return before;
  }
  return value;
}

function aboutOthers(one: object, other: object, annotations: Annotations): boolean {
  const [subject, otherSubject] = [annotations.subjectOf(one), annotations.subjectOf(other)];
  return subject !== undefined && otherSubject !== undefined && subject.id !== otherSubject.id;
}

function isObjectList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
}

/** Returns a copy that shares no object with the original. The copy has the same annotations. */
export function copyOf(source: DataObject, annotations: Annotations): DataObject {
  const copy = bareObject();
  for (const key of Object.keys(source)) copy[key] = copyValue(source[key], annotations);
  annotations.carry(source, copy);
  return copy;
}

/** Returns a copy of any value, see {@link copyOf}. */
export function copyValue(value: unknown, annotations: Annotations): unknown {
  if (isObject(value)) return copyOf(value, annotations);
  if (!Array.isArray(value)) return value;
  const copy = value.map((item) => copyValue(item, annotations));
  annotations.carry(value, copy);
  return copy;
}

/**
 * Merges a record without annotations into an object of the answer. Does what `mergeInto` does, for keys that are
 * known at compile time. `isLast` means that the record is not merged again, so that its values can become the
 * object's own. Otherwise they are copied.
 */
export type MergePlain = (target: DataObject, record: DataObject, isLast: boolean, annotations: Annotations) => void;

/** Wider records are merged key by key. */
const MAX_GENERATED = 200;

export function compileMerge(keys: readonly string[], generate: GenerateFunction = generateFunction): MergePlain {
  return (keys.length > MAX_GENERATED ? undefined : generateMerge(keys, generate)) ?? interpretMerge(keys);
}

function interpretMerge(keys: readonly string[]): MergePlain {
  return (target, record, isLast, annotations) => {
    for (const key of keys) {
      const value = record[key];
      if (value === undefined) continue;
      if (value === null) target[key] ??= null;
      else
        target[key] =
          typeof value === 'object'
            ? mergedValue(target[key], isLast ? value : copyValue(value, annotations), annotations)
            : value;
    }
  };
}

function generateMerge(keys: readonly string[], generate: GenerateFunction): MergePlain | undefined {
  const body = `return function merge(target, record, isLast, annotations) { var value; ${keys.map((key) => keyCode(quoted(key))).join('\n')} };`;
  const made = generate(['mergedValue', 'copyValue'], body) as
    ((merged: typeof mergedValue, copy: typeof copyValue) => MergePlain) | undefined;
  return made?.(mergedValue, copyValue);
}

function keyCode(key: string): string {
  return `value = record[${key}];
    if (value === null) { if (target[${key}] === undefined) target[${key}] = null; }
    else if (typeof value === 'object') target[${key}] = mergedValue(target[${key}], isLast ? value : copyValue(value, annotations), annotations);
    else if (value !== undefined) target[${key}] = value;`;
}
