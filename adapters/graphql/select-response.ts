import type { SelectedField } from '../port.js';
import { emptyObject, isObject, ownMember } from '../response-object.js';

type ResponsePath = readonly (string | number)[];

/**
 * Takes from a response what was selected, and notes what was not: members beyond the selection, and
 * the places of members that are missing or not of the form that was selected (these become null).
 */
export class ResponseSelector {
  #beyond = false;

  /** True when the register sent members that were not asked. */
  get beyond(): boolean {
    return this.#beyond;
  }

  /** The selected members of an object of this type (undefined: unknown). */
  object(value: Readonly<Record<string, unknown>>, fields: readonly SelectedField[], type: string | undefined, onMalformed: (path: ResponsePath) => void): Record<string, unknown> {
    return this.#object(value, fields, type, [], onMalformed);
  }

  #object(value: Readonly<Record<string, unknown>>, fields: readonly SelectedField[], type: string | undefined, path: ResponsePath, onMalformed: (path: ResponsePath) => void): Record<string, unknown> {
    const selected = fieldsByKey(fields, type);
    const made = emptyObject();
    for (const key of Object.keys(value)) if (!selected.has(key)) this.#beyond = true;
    for (const [key, { field, certain }] of selected) {
      const given = ownMember(value, key);
      if (given === undefined && !certain) continue;
      made[key] = given === undefined ? malformed([...path, key], onMalformed) : this.#value(given, field, field.list, [...path, key], onMalformed);
    }
    return made;
  }

  #value(value: unknown, field: SelectedField, list: boolean, path: ResponsePath, onMalformed: (path: ResponsePath) => void): unknown {
    if (value === null) return null;
    if (list) return Array.isArray(value) ? value.map((item, position) => this.#value(item, field, false, [...path, position], onMalformed)) : malformed(path, onMalformed);
    if (field.fields.length === 0) return typeof value === 'object' ? malformed(path, onMalformed) : value;
    return isObject(value) ? this.#object(value, field.fields, undefined, path, onMalformed) : malformed(path, onMalformed);
  }
}

interface ExpectedField {
  readonly field: SelectedField;
  /** Every object here has it: the selection does not depend on the object's type, or the type is known. */
  readonly certain: boolean;
}

/** Under one response key different types may select different fields. */
function fieldsByKey(fields: readonly SelectedField[], type: string | undefined): ReadonlyMap<string, ExpectedField> {
  const unconditional = new Set(fields.map(({ parentType }) => parentType)).size === 1;
  const byKey = new Map<string, ExpectedField>();
  for (const field of fields) {
    const certain = unconditional || field.parentType === type;
    if (certain || !byKey.has(field.responseKey)) byKey.set(field.responseKey, { field, certain });
  }
  return byKey;
}

function malformed(path: ResponsePath, onMalformed: (path: ResponsePath) => void): null {
  onMalformed(path);
  return null;
}
