import type { SubjectRef } from '../../../schemas/ports/gate.js';

/**
 * The people of one execution. A person who is reached twice in the same way is one object, which can be compared
 * and used as a key. A person who is reached in another way is another object, because the way decides which
 * nexus holds.
 */
export class Subjects {
  readonly #asked = new Map<string, SubjectRef>();
  readonly #reached = new Map<SubjectRef, Map<string, SubjectRef>>();

  /** Returns a person that the question names. */
  named(id: string): SubjectRef {
    return found(this.#asked, id, () => ({ id, role: 'self' }));
  }

  /** Returns a person that a link leads to from another person. */
  reached(id: string, role: string, via: SubjectRef): SubjectRef {
    const fromVia = found(this.#reached, via, () => new Map<string, SubjectRef>());
    return found(fromVia, `${role} ${id}`, () => ({ id, role, via }));
  }
}

function found<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** Whether a value is an identifier: text that is not empty. */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
