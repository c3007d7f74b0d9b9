import { specifiedScalarTypes } from 'graphql';
import { SCALARS } from '../../schemas/scalars/scalars.js';
import type { SelectedField } from '../port.js';
import { emptyObject, isObject, ownMember } from '../response-object.js';

type ResponsePath = readonly (string | number)[];
type OnMalformed = (path: ResponsePath) => void;
type Members = Readonly<Record<string, unknown>>;

/** Fields of one response key, or of one object: those that it must have, and those that it may, by its type. */
interface Expected {
  readonly certain: readonly SelectedField[];
  readonly possible: readonly SelectedField[];
}

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

  /** The selected members of an object where one of this type (or interface, or union) is expected. */
  object(value: Members, fields: readonly SelectedField[], type: string | undefined, onMalformed: OnMalformed): Record<string, unknown> {
    return this.#object(value, { certain: fields, possible: [] }, type, [], onMalformed);
  }

  #object(value: Members, fields: Expected, type: string | undefined, path: ResponsePath, onMalformed: OnMalformed): Record<string, unknown> {
    const selected = fieldsByKey(fields, new Set([type, ownMember(value, '__typename')]));
    const made = emptyObject();
    for (const key of Object.keys(value)) if (!selected.has(key)) this.#beyond = true;
    for (const [key, expected] of selected) {
      const given = ownMember(value, key);
      const [field] = [...expected.certain, ...expected.possible];
      if (!field || (given === undefined && expected.certain.length === 0)) continue;
      made[key] = given === undefined ? malformed([...path, key], onMalformed) : this.#value(given, field, expected, field.lists ?? Number(field.list), [...path, key], onMalformed);
    }
    return made;
  }

  #value(value: unknown, field: SelectedField, expected: Expected, lists: number, path: ResponsePath, onMalformed: OnMalformed): unknown {
    if (value === null) return null;
    if (lists > 0) return Array.isArray(value) ? value.map((item, position) => this.#value(item, field, expected, lists - 1, [...path, position], onMalformed)) : malformed(path, onMalformed);
    if (field.fields.length === 0) return typeof value === 'object' && !isFreeForm(field.type) ? malformed(path, onMalformed) : value;
    return isObject(value) ? this.#object(value, below(expected), field.type, path, onMalformed) : malformed(path, onMalformed);
  }
}

/** Under one response key different types may select different fields; `types`: what the object is known to be. */
function fieldsByKey({ certain, possible }: Expected, types: ReadonlySet<unknown>): ReadonlyMap<string, Expected> {
  const byKey = new Map<string, { certain: SelectedField[]; possible: SelectedField[] }>();
  const add = (field: SelectedField, kind: keyof Expected): void => {
    const known = byKey.get(field.responseKey) ?? { certain: [], possible: [] };
    known[kind].push(field);
    byKey.set(field.responseKey, known);
  };
  for (const field of certain) add(field, types.has(field.parentType) ? 'certain' : 'possible');
  for (const field of possible) add(field, 'possible');
  return byKey;
}

function below({ certain, possible }: Expected): Expected {
  return { certain: certain.flatMap(({ fields }) => fields), possible: possible.flatMap(({ fields }) => fields) };
}

/** A scalar of the register's own may be anything that JSON is; the gateway's are texts and numbers, like GraphQL's. */
function isFreeForm(scalar: string): boolean {
  return !SCALARS.has(scalar) && !specifiedScalarTypes.some(({ name }) => name === scalar);
}

function malformed(path: ResponsePath, onMalformed: OnMalformed): null {
  onMalformed(path);
  return null;
}
