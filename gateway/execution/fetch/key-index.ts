import { generateFunction, quoted, type GenerateFunction } from '../../../schemas/generated-function.js';
import type { SubjectRef } from '../../../schemas/ports/gate.js';
import type { RequiredSelection } from '../../planning/plan.js';
import type { DataObject } from '../data/data-object.js';

/** Nested maps: by the person, then by the value of each field in turn. The innermost map holds the keys. */
type Values = Map<unknown, unknown>;

/** Finds a key by the values of an object. */
export interface FindKey {
  /** Every field on which the representation depends: at least one. */
  readonly fields: readonly string[];
  readonly find: (root: Values, object: DataObject, subject: SubjectRef | undefined) => unknown;
}

/** Compiles the lookup by these fields, see {@link fieldsOfKey}. */
export function compileFindKey(fields: readonly string[], generate: GenerateFunction = generateFunction): FindKey {
  const steps = fields.map((field) => `if (at !== undefined) at = at.get(object[${quoted(field)}]);`);
  const generated = generate(
    ['root', 'object', 'subject'],
    `var at = root.get(subject); ${steps.join(' ')} return at;`,
  );
  return { fields, find: (generated as FindKey['find'] | undefined) ?? interpretFind(fields) };
}

function interpretFind(fields: readonly string[]): FindKey['find'] {
  return (root, object, subject) => {
    let at = root.get(subject);
    for (const field of fields) at = (at as Values | undefined)?.get(object[field]);
    return at;
  };
}

/**
 * Keys of entities by the values that they are made of and the person on whose behalf they are read. Most entities
 * of an answer occur in several places, and building the representation again to notice that would be most of the
 * work. An object with a missing value, or with a value that is an object or list, is never found.
 */
export class KeyIndex<Key> {
  readonly #root: Values = new Map();
  readonly #way: FindKey;

  constructor(way: FindKey) {
    this.#way = way;
  }

  find(object: DataObject, subject: SubjectRef | undefined): Key | undefined {
    return this.#way.find(this.#root, object, subject) as Key | undefined;
  }

  add(object: DataObject, subject: SubjectRef | undefined, key: Key): void {
    const { fields } = this.#way;
    if (fields.some((field) => object[field] === undefined || typeof object[field] === 'object')) return;
    let values = this.#root;
    let value: unknown = subject;
    for (const field of fields) {
      values = valuesAt(values, value);
      value = object[field];
    }
    values.set(value, key);
  }
}

function valuesAt(values: Values, value: unknown): Values {
  let below = values.get(value) as Values | undefined;
  if (!below) values.set(value, (below = new Map()));
  return below;
}

/** Returns the fields of an entity on which its representation depends, `__typename` included. */
export function fieldsOfKey(requires: readonly RequiredSelection[]): readonly string[] {
  const fields = new Set(['__typename']);
  const collect = (selections: readonly RequiredSelection[]): void => {
    for (const selection of selections) {
      if (selection.kind === 'type') collect(selection.selections);
      else fields.add(selection.from);
    }
  };
  collect(requires);
  return [...fields];
}
