import { generateFunction, quoted, type GenerateFunction } from '../../../schemas/generated-function.js';
import type { Marks } from './annotations.js';
import { copyValue, mergedValue } from './merge.js';
import type { DataObject } from '../fetch/entity-paths.js';

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
