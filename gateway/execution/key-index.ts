import { generateFunction, quoted, type GenerateFunction } from '../../schemas/generated-function.js';
import type { SubjectRef } from '../../schemas/ports/gate.js';
import type { RequiredSelection } from '../planning/plan.js';
import type { DataObject } from './walk-paths.js';

interface Branch<Key> {
  readonly next: Map<unknown, Branch<Key>>;
  key?: Key;
}

type Root<Key> = Map<SubjectRef | undefined, Branch<Key>>;

/** The way to a key, by an object's values. */
export interface FindKey {
  /** Every field on which the representation depends. */
  readonly fields: readonly string[];
  readonly find: <Key>(root: Root<Key>, object: DataObject, subject: SubjectRef | undefined) => Key | undefined;
}

/** Compiles the way over these fields, see {@link fieldsOfKey}. */
export function compileFindKey(fields: readonly string[], generate: GenerateFunction = generateFunction): FindKey {
  const steps = fields.map((field) => `if (branch !== undefined) branch = branch.next.get(object[${quoted(field)}]);`);
  const generated = generate(['root', 'object', 'subject'], `var branch = root.get(subject); ${steps.join(' ')} return branch === undefined ? undefined : branch.key;`);
  return { fields, find: (generated as FindKey['find'] | undefined) ?? interpretFind(fields) };
}

function interpretFind(fields: readonly string[]): FindKey['find'] {
  return (root, object, subject) => {
    let branch = root.get(subject);
    for (const field of fields) branch = branch?.next.get(object[field]);
    return branch?.key;
  };
}

/**
 * Keys of entities by the values that they are made of and the person in whose name they are wanted:
 * most entities of an answer are ones that stood in another place before, and making their
 * representation again to see that would be most of the work. What is not whole, a value that is
 * missing or is not a plain one, is never found.
 */
export class KeyIndex<Key> {
  readonly #root: Root<Key> = new Map();
  readonly #way: FindKey;

  constructor(way: FindKey) {
    this.#way = way;
  }

  find(object: DataObject, subject: SubjectRef | undefined): Key | undefined {
    return this.#way.find(this.#root, object, subject);
  }

  add(object: DataObject, subject: SubjectRef | undefined, key: Key): void {
    const { fields } = this.#way;
    if (fields.some((field) => object[field] === undefined || typeof object[field] === 'object')) return;
    let branch = branchAt(this.#root, subject);
    for (const field of fields) branch = branchAt(branch.next, object[field]);
    branch.key = key;
  }
}

function branchAt<Value, Key>(branches: Map<Value, Branch<Key>>, value: Value): Branch<Key> {
  let branch = branches.get(value);
  if (!branch) branches.set(value, (branch = { next: new Map() }));
  return branch;
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
