import { specifiedScalarTypes } from 'graphql';
import { SCALARS } from '../../schemas/scalars/scalars.js';
import type { SelectedField } from '../port.js';
import { emptyObject, isObject, ownMember } from '../response-object.js';

type ResponsePath = readonly (string | number)[];
type Members = Readonly<Record<string, unknown>>;

/** What is noted while a response is taken. */
export interface Taking {
  /** Set when the register sent members that were not asked. */
  beyond: boolean;
  /** Told of the places of members that are missing or not of the form that was selected; these become null. */
  readonly onMalformed: (path: ResponsePath) => void;
}

/** Fields of one response key, or of one object: those that it must have, and those that it may, by its type. */
interface Expected {
  readonly certain: readonly SelectedField[];
  readonly possible: readonly SelectedField[];
}

interface Member {
  readonly key: string;
  readonly required: boolean;
  readonly lists: number;
  /** A leaf that may be any JSON. */
  readonly freeForm: boolean;
  readonly type: string;
  /** Undefined for leaves. */
  readonly below: ObjectShape | undefined;
}

/** Where a value stands, spelt out only when something is wrong there. */
interface Place {
  readonly before: Place | undefined;
  readonly key: string | number;
}

/** The form that a selection gives to an object, compiled once: takes what was selected, and notes what was not. */
export class ObjectShape {
  readonly #expected: Expected;
  readonly #conditions: ReadonlySet<string>;
  /** By the types that an object is known to be of, as far as the selection tells them apart: what a register says cannot make it grow. */
  readonly #members = new Map<string, readonly Member[]>();

  constructor(expected: Expected) {
    this.#expected = expected;
    this.#conditions = new Set(expected.certain.map(({ parentType }) => parentType));
  }

  /** The selected members of an object where one of this type (or interface, or union) is expected. */
  take(value: Members, type: string | undefined, taking: Taking, at?: Place): Record<string, unknown> {
    const made = emptyObject();
    let found = 0;
    for (const member of this.#membersOf(type, ownMember(value, '__typename'))) {
      const { key } = member;
      const given = ownMember(value, key);
      if (given !== undefined) {
        found += 1;
        made[key] = takeValue(given, member, member.lists, taking, at, key);
      } else if (member.required) made[key] = malformed(taking, at, key);
    }
    if (Object.keys(value).length > found) taking.beyond = true;
    return made;
  }

  #membersOf(type: string | undefined, told: unknown): readonly Member[] {
    const one = this.#condition(type);
    const other = this.#condition(told);
    const key = one === other ? one : `${one} ${other}`;
    let members = this.#members.get(key);
    if (members === undefined) this.#members.set(key, (members = membersOf(this.#expected, new Set([one, other]))));
    return members;
  }

  #condition(type: unknown): string {
    return typeof type === 'string' && this.#conditions.has(type) ? type : '';
  }
}

/** Compiles the fields selected on objects. */
export function shapeOf(fields: readonly SelectedField[]): ObjectShape {
  return new ObjectShape({ certain: fields, possible: [] });
}

function takeValue(value: unknown, member: Member, lists: number, taking: Taking, at: Place | undefined, key: string | number): unknown {
  if (value === null) return null;
  if (lists > 0) return Array.isArray(value) ? takeList(value, member, lists - 1, taking, { before: at, key }) : malformed(taking, at, key);
  if (member.below === undefined) return typeof value === 'object' && !member.freeForm ? malformed(taking, at, key) : value;
  return isObject(value) ? member.below.take(value, member.type, taking, { before: at, key }) : malformed(taking, at, key);
}

function takeList(value: readonly unknown[], member: Member, lists: number, taking: Taking, at: Place): unknown[] {
  return value.map((item, position) => takeValue(item, member, lists, taking, at, position));
}

/** Under one response key different types may select different fields; `types`: what the object is known to be. */
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
  const below = field.fields.length === 0 ? undefined : new ObjectShape({ certain: expected.certain.flatMap(({ fields }) => fields), possible: expected.possible.flatMap(({ fields }) => fields) });
  return { key, required: expected.certain.length > 0, lists: field.lists ?? Number(field.list), freeForm: isFreeForm(field.type), type: field.type, below };
}

/** A scalar of the register's own may be anything that JSON is; the gateway's are texts and numbers, like GraphQL's. */
function isFreeForm(scalar: string): boolean {
  return !SCALARS.has(scalar) && !specifiedScalarTypes.some(({ name }) => name === scalar);
}

function malformed({ onMalformed }: Taking, at: Place | undefined, key: string | number): null {
  const path = [key];
  for (let place = at; place !== undefined; place = place.before) path.unshift(place.key);
  onMalformed(path);
  return null;
}
