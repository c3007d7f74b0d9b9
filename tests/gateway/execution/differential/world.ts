import { dice } from './dice.js';
import { asAnswered, NO_LIST, Sample, sampleOf } from './leaves.js';
import {
  IDS,
  isLeafType,
  isNode,
  listsAround,
  ofSome,
  type EntityModel,
  type FieldKind,
  type FieldModel,
  type Model,
  type Required,
} from './model.js';

/** An entity as a resolver hands it on: its type and all that identifies it. */
export interface Referred {
  readonly __typename: string;
  readonly id: string;
  readonly code: string;
}

export type Arguments = Readonly<Record<string, unknown>>;

export const refer = ({ name }: EntityModel, id: string): Referred => ({ __typename: name, id, code: `c${id}` });

/** The value of a field of an entity, the same from every service, with samples for leaves. Throws where the service that has it fails. */
export function valueOf(model: Model, entity: EntityModel, id: string, field: FieldModel, given: Arguments): unknown {
  const { kind } = field;
  if (kind.is === 'computed')
    return computed(entity, kind.from, ({ name, given: fixed }) =>
      valueOf(model, entity, id, fieldOf(entity, name), fixed),
    );
  const at = [model.seed, entity.name, id, field.name];
  if (field.fallible && dice(12, ...at, 'fails') === 0) throw new Error('this one fails');
  if (!field.nonNull && dice(6, ...at, 'null') === 0) return null;
  const isRight = !mayBeWrong(model, field);
  const valueAt = (lists: number, place: readonly (string | number)[]): unknown => {
    if (lists === 0) return single(model, entity, id, { ...field, kind }, { given, at: place, isRight });
    if (kind.is === 'value' && !isRight && dice(20, ...place, 'no list') === 0) return NO_LIST;
    return [...Array(dice(4, ...place, 'length')).keys()].map((index) => {
      if (!ofSome(field) && dice(6, ...place, index, 'null') === 0) return null;
      return valueAt(lists - 1, [...place, index]);
    });
  };
  return valueAt(listsAround(field), at);
}

/** Whether values of a field can be of another type. What others are computed of is right where a plan is not split: there, it would take other fields with it. */
const mayBeWrong = ({ governed }: Model, { fallible }: FieldModel): boolean => governed || fallible;

function single(
  model: Model,
  entity: EntityModel,
  id: string,
  { kind }: FieldModel & { readonly kind: Exclude<FieldKind, { is: 'computed' }> },
  {
    given,
    at,
    isRight,
  }: { readonly given: Arguments; readonly at: readonly (string | number)[]; readonly isRight: boolean },
): unknown {
  switch (kind.is) {
    case 'value':
      return isLeafType(kind.type) ? sampleOf(kind.type, isRight, at) : thing(kind.type, at, isRight);
    case 'labelled':
      return JSON.stringify([id, given['prefix'] ?? null, given['times'] ?? null, given['tags'] ?? null]);
    case 'link': {
      const target = model.entities[kind.to];
      return target === undefined ? null : refer(target, IDS[dice(IDS.length, ...at)] ?? '0');
    }
    case 'abstract': {
      const targets = model.entities.filter((one) => isNode(one) && ownerKnows(one.services, entity, at));
      const target = targets[dice(targets.length, ...at, 'type')];
      return target === undefined ? null : refer(target, IDS[dice(IDS.length, ...at)] ?? '0');
    }
  }
}

/** Entities behind an interface are those that the field's service has. */
function ownerKnows(services: readonly number[], entity: EntityModel, at: readonly (string | number)[]): boolean {
  const field = fieldOf(entity, String(at[3]));
  return field.services.every((service) => services.includes(service));
}

export function fieldOf({ fields, name }: EntityModel, field: string): FieldModel {
  const found = fields.find((one) => one.name === field);
  if (found === undefined) throw new Error(`${name} has no ${field}`);
  return found;
}

/** What a service makes of the fields that it requires: of them only what it asked for. */
export function computed(
  entity: EntityModel,
  from: readonly Required[],
  read: (required: Required) => unknown,
): string {
  return from
    .map((required) => `${required.name}=${JSON.stringify(asRequired(fieldOf(entity, required.name), read(required)))}`)
    .join(' ');
}

function asRequired(field: FieldModel, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => asRequired(field, item));
  if (field.kind.is === 'link') return { id: (value as Referred).id };
  if (field.kind.is !== 'value' || field.kind.type !== 'Detail') return asAnswered(value);
  const { size, inner } = value as { size?: unknown; inner?: { name: unknown } | null };
  return { size: asAnswered(size ?? null), inner: inner ? { name: inner.name } : null };
}

/** The field that one service adds to every `Node`: it knows no more of them than their number. */
export const noteOf = ({ seed }: Model, id: string): string | null =>
  dice(5, seed, 'note', id) === 0 ? null : `note of ${id}`;

/** The `Node` of a number, where one is asked for without a type. */
export function nodeOf({ entities }: Model, id: string): Referred | null {
  const nodes = entities.filter(isNode);
  const node = nodes[Number(id) % nodes.length];
  return node === undefined || !IDS.includes(id) ? null : refer(node, id);
}

/** An object without a key. Its list of lists is right: a service of graphql-js sends no other. */
function thing(type: 'Detail' | 'Thing', at: readonly (string | number)[], isRight: boolean): unknown {
  if (type === 'Detail' || dice(2, ...at, 'thing') === 0) return detail(at, isRight);
  const mark = (index: number): unknown =>
    dice(5, ...at, index) === 0 ? null : sampleOf('Int', isRight, [...at, index]);
  const marks = dice(4, ...at, 'marks') === 0 ? null : [[mark(1), mark(2)], null, [mark(3)]];
  return { __typename: 'Label', text: sampleOf('String', isRight, at), marks };
}

/** Codes of the dwellings that details tell. */
const PLACES = [...Array(12).keys()].map((number) => `D-${number}`);
const placeOf = (at: readonly (string | number)[]): string | undefined => PLACES[dice(PLACES.length, ...at, 'place')];

/** Codes of the dwellings that are homes of protected people. */
export const homesOf = ({ seed, governed }: Model): readonly string[] =>
  PLACES.filter((place) => governed && dice(4, seed, 'home', place) === 0);

function detail(at: readonly (string | number)[], isRight: boolean): unknown {
  return {
    __typename: 'Detail',
    size: dice(5, ...at, 'size') === 0 ? null : sampleOf('Int', isRight, at),
    inner:
      dice(3, ...at, 'inner') === 0
        ? null
        : { size: new Sample(1, 1), inner: null, name: 'in', place: placeOf([...at, 'inner']) },
    name: 'n',
    place: placeOf(at),
  };
}

/** Whether a category of a person is granted: of some people some are not. */
export const isGranted = ({ seed }: Model, id: string, category: string): boolean =>
  category === 'test.key' || dice(4, seed, 'granted', id, category) !== 0;

/** Whether a person is protected: then they are absent, also where a field is granted. */
export const isProtected = ({ seed, governed }: Model, id: string): boolean =>
  governed && dice(8, seed, 'protected', id) === 0;
