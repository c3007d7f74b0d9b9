import type { DataObject } from '../data/data-object.js';

/** A field of a record whose value, or a part of it, is not of its type. */
export interface WrongField {
  readonly name: string;
  readonly responseKey: string;
  /** `<register>.<type>.<field>#<rule>`. */
  readonly rule: string;
}

const NONE: readonly WrongField[] = [];

/**
 * What a register sent in one answer where the records now hold null in the place of a wrong value. Contracts judge
 * wrong values as they were sent, and right ones in the form of their type, so that `19.1` and `19.10` are texts to the
 * contract of a `Decimal`, in whichever form the register sends them.
 */
export class SentValues {
  readonly #wrong = new Map<object, WrongField[]>();
  readonly #sent = new Map<object, Map<string, unknown>>();

  /** Whether any record of the answer has a wrong value. */
  get hasWrong(): boolean {
    return this.#wrong.size > 0;
  }

  /** Notes that a field of a record has a wrong value. A rule is noted once. */
  noteWrong(record: DataObject, field: WrongField): void {
    const known = this.#wrong.get(record);
    if (!known) this.#wrong.set(record, [field]);
    else if (!known.some(({ rule, responseKey }) => rule === field.rule && responseKey === field.responseKey))
      known.push(field);
  }

  wrongOf(record: DataObject): readonly WrongField[] {
    return this.#wrong.get(record) ?? NONE;
  }

  /** Keeps the value that a register sent at a key of a record. */
  keep(record: DataObject, responseKey: string, value: unknown): void {
    const known = this.#sent.get(record);
    if (known) known.set(responseKey, value);
    else this.#sent.set(record, new Map([[responseKey, value]]));
  }

  /** Returns the value that a register sent at a key of a record. */
  at(record: DataObject, responseKey: string): unknown {
    const kept = this.#sent.get(record);
    return kept?.has(responseKey) ? kept.get(responseKey) : record[responseKey];
  }
}
