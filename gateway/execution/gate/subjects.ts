import type { SubjectRef } from '../../../schemas/ports/gate.js';

/**
 * The persons of one execution. The same person reached in the same way is one object, so that it
 * can be compared and used as a key; reached in another way it is another, because the way decides
 * which nexus holds.
 */
export class Subjects {
  readonly #asked = new Map<string, SubjectRef>();
  readonly #reached = new Map<SubjectRef, Map<string, SubjectRef>>();

  /** A person whom the question names. */
  named(id: string): SubjectRef {
    return found(this.#asked, id, () => ({ id, role: 'self' }));
  }

  /** A person to whom a link leads from another. */
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

/** An identifier as registers give it: text that is not empty. */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
