import type { SelectedField } from '../port.js';
import { emptyObject, isObject, ownMember } from '../response-object.js';

/** Takes from a response what was selected, and notes whether there was more. */
export class ResponseSelector {
  #beyond = false;

  /** True when the register sent members that were not asked. */
  get beyond(): boolean {
    return this.#beyond;
  }

  /** The selected members of an object; null for anything that is no object. */
  object(value: unknown, fields: readonly SelectedField[]): Record<string, unknown> | null {
    if (!isObject(value)) return null;
    const byKey = new Map(fields.map((field) => [field.responseKey, field]));
    const made = emptyObject();
    for (const key of Object.keys(value)) {
      const field = byKey.get(key);
      if (field === undefined) this.#beyond = true;
      else made[key] = this.#value(ownMember(value, key), field);
    }
    return made;
  }

  #value(value: unknown, field: SelectedField): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#value(item, field));
    if (value === null || value === undefined) return null;
    return field.fields.length > 0 ? this.object(value, field.fields) : value;
  }
}
