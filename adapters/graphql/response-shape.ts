import { specifiedScalarTypes } from 'graphql';
import { SCALARS } from '../../schemas/scalars/scalars.js';
import type { SelectedField } from '../port.js';
import { compileTake, type Member, type Members, type Take, type Taking } from './take-object.js';
import { ownMember } from '../../schemas/objects.js';

/** Fields of one response key, or of one object: the required ones and, by type, the optional ones. */
interface Expected {
  readonly certain: readonly SelectedField[];
  readonly possible: readonly SelectedField[];
}

/** The form that a selection gives to an object, compiled once. It takes the selected members and notes any other. */
export class ObjectShape {
  readonly #expected: Expected;
  readonly #conditions: ReadonlySet<string>;
  /** By the types that the selection tells apart. A register cannot make it grow with types that it invents. */
  readonly #takes = new Map<string, Take>();

  constructor(expected: Expected) {
    this.#expected = expected;
    this.#conditions = new Set(expected.certain.map(({ parentType }) => parentType));
  }

  /** Returns the selected members of an object where this type (or interface, or union) is expected. */
  take(value: Members, type: string | undefined, taking: Taking): Record<string, unknown> {
    return this.takeOf(type)(value, taking, undefined);
  }

  /** Returns how an object is taken where this type is expected. */
  takeOf(type: string | undefined): Take {
    const one = this.#condition(type);
    // The `__typename` of an object matters only if the selection tells types apart.
    if (one !== '' && this.#conditions.size === 1) return this.#takeOf(one, one);
    return (value, taking, at) => this.#takeOf(one, this.#condition(ownMember(value, '__typename')))(value, taking, at);
  }

  #takeOf(one: string, other: string): Take {
    const key = one === other ? one : `${one} ${other}`;
    let take = this.#takes.get(key);
    if (take === undefined)
      this.#takes.set(
        key,
        (take = compileTake(other === '' ? one : other, membersOf(this.#expected, new Set([one, other])))),
      );
    return take;
  }

  #condition(type: unknown): string {
    return typeof type === 'string' && this.#conditions.has(type) ? type : '';
  }
}

/** Compiles the fields selected on objects. */
export function shapeOf(fields: readonly SelectedField[]): ObjectShape {
  return new ObjectShape({ certain: fields, possible: [] });
}

/**
 * Different types may select different fields under one response key. `types` are the types that the object is known to
 * have.
 */
function membersOf({ certain, possible }: Expected, types: ReadonlySet<string>): readonly Member[] {
  const byKey = new Map<string, { certain: SelectedField[]; possible: SelectedField[] }>();
  const add = (field: SelectedField, kind: keyof Expected): void => {
    const known = byKey.get(field.responseKey) ?? { certain: [], possible: [] };
    known[kind].push(field);
    byKey.set(field.responseKey, known);
  };
  for (const field of certain) add(field, types.has(field.parentType) ? 'certain' : 'possible');
  for (const field of possible) add(field, 'possible');
  return [...byKey].flatMap(([key, expected]) => memberOf(key, expected) ?? []);
}

function memberOf(key: string, expected: Expected): Member | undefined {
  const [field] = [...expected.certain, ...expected.possible];
  if (!field) return undefined;
  const below =
    field.fields.length === 0
      ? undefined
      : new ObjectShape({
          certain: expected.certain.flatMap(({ fields }) => fields),
          possible: expected.possible.flatMap(({ fields }) => fields),
        });
  return {
    key,
    required: expected.certain.length > 0,
    lists: field.lists ?? Number(field.list),
    freeForm: isFreeForm(field.type),
    below: below?.takeOf(field.type),
  };
}

/** A custom scalar of the register may be any JSON. Those of the gateway are texts and numbers, like GraphQL's own. */
function isFreeForm(scalar: string): boolean {
  return !SCALARS.has(scalar) && !specifiedScalarTypes.some(({ name }) => name === scalar);
}
