import { generateFunction, quoted, type GenerateFunction } from '../../../schemas/generated-function.js';
import type { SubjectRef } from '../../../schemas/ports/gate.js';
import type { RequiredSelection } from '../../planning/plan.js';
import type { DataObject } from '../data/data-object.js';

/** Maps by the person, then by the value of each field in turn; the last one holds the keys. */
type Values = Map<unknown, unknown>;

/** The way to a key, by an object's values. */
export interface FindKey {
  /** Every field on which the representation depends: at least one. */
  readonly fields: readonly string[];
  readonly find: (root: Values, object: DataObject, subject: SubjectRef | undefined) => unknown;
}

/** Compiles the way over these fields, see {@link fieldsOfKey}. */
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
 * Keys of entities by the values that they are made of and the person in whose name they are wanted:
 * most entities of an answer are ones that stood in another place before, and making their
 * representation again to see that would be most of the work. What is not whole, a value that is
 * missing or is not a plain one, is never found.
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

/** The fields of an entity on which its representation depends, its type among them. */
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
