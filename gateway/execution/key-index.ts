import type { SubjectRef } from '../../schemas/ports/gate.js';
import type { RequiredSelection } from '../planning/plan.js';
import type { DataObject } from './walk-paths.js';

interface Branch<Key> {
  readonly next: Map<unknown, Branch<Key>>;
  key?: Key;
}

/**
 * Keys of entities by the values that they are made of and the person in whose name they are wanted:
 * most entities of an answer are ones that stood in another place before, and making their
 * representation again to see that would be most of the work. Fields that are not plain values are
 * never found.
 */
export class KeyIndex<Key> {
  readonly #root = new Map<SubjectRef | undefined, Branch<Key>>();
  readonly #fields: readonly string[];

  /** `fields`: every field on which a representation depends, see {@link fieldsOfKey}. */
  constructor(fields: readonly string[]) {
    this.#fields = fields;
  }

  find(object: DataObject, subject: SubjectRef | undefined): Key | undefined {
    let branch = this.#root.get(subject);
    for (const field of this.#fields) {
      if (!branch) return undefined;
      branch = branch.next.get(object[field]);
    }
    return branch?.key;
  }

  add(object: DataObject, subject: SubjectRef | undefined, key: Key): void {
    if (this.#fields.some((field) => typeof object[field] === 'object' && object[field] !== null)) return;
    let branch = branchAt(this.#root, subject);
    for (const field of this.#fields) branch = branchAt(branch.next, object[field]);
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
