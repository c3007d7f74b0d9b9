import { createHash } from 'node:crypto';
import { IDS, isNode, type EntityModel, type FieldKind, type FieldModel, type Model, type Required } from './model.js';

/** An entity as a resolver hands it on: its type and all that identifies it. */
export interface Referred {
  readonly __typename: string;
  readonly id: string;
  readonly code: string;
}

export type Arguments = Readonly<Record<string, unknown>>;

/** A number below `below` that depends on nothing but what is given. */
export function dice(below: number, ...of: readonly (string | number)[]): number {
  return createHash('sha256').update(of.join('/')).digest().readUInt32BE(0) % below;
}

export const refer = ({ name }: EntityModel, id: string): Referred => ({ __typename: name, id, code: `c${id}` });

/** The value of a field of an entity, the same from every service. Throws where the service that has it fails. */
export function valueOf(model: Model, entity: EntityModel, id: string, field: FieldModel, given: Arguments): unknown {
  const { kind } = field;
  if (kind.is === 'computed')
    return computed(entity, kind.from, ({ name, given: fixed }) =>
      valueOf(model, entity, id, fieldOf(entity, name), fixed),
    );
  const at = [model.seed, entity.name, id, field.name];
  if (field.fallible && dice(12, ...at, 'fails') === 0) throw new Error('this one fails');
  if (!field.nonNull && dice(6, ...at, 'null') === 0) return null;
  if (field.wrapping === 'plain') return single(model, entity, id, { ...field, kind }, { given, at });
  return [...Array(dice(4, ...at, 'length')).keys()].map((index) => {
    if (field.wrapping === 'list' && dice(6, ...at, index, 'null') === 0) return null;
    return single(model, entity, id, { ...field, kind }, { given, at: [...at, index] });
  });
}

function single(
  model: Model,
  entity: EntityModel,
  id: string,
  { kind }: FieldModel & { readonly kind: Exclude<FieldKind, { is: 'computed' }> },
  { given, at }: { readonly given: Arguments; readonly at: readonly (string | number)[] },
): unknown {
  switch (kind.is) {
    case 'value':
      return scalar(kind.type, at);
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
  if (field.kind.is !== 'value' || field.kind.type !== 'Detail') return value;
  const { size, inner } = value as { size?: unknown; inner?: { name: unknown } | null };
  return { size: size ?? null, inner: inner ? { name: inner.name } : null };
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

function scalar(type: 'Int' | 'String' | 'Boolean' | 'Colour' | 'Detail', at: readonly (string | number)[]): unknown {
  switch (type) {
    case 'Int':
      return dice(1_000, ...at);
    case 'Boolean':
      return dice(2, ...at) === 1;
    case 'Colour':
      return ['RED', 'GREEN', 'BLUE'][dice(3, ...at)];
    case 'String':
      return ['', 'a', 'Ә', '"quoted"', '__proto__', 'line\nbreak'][dice(6, ...at)];
    case 'Detail':
      return {
        size: dice(5, ...at, 'size') === 0 ? null : dice(9, ...at),
        inner: dice(3, ...at, 'inner') === 0 ? null : { size: 1, inner: null, name: 'in' },
        name: 'n',
      };
  }
}

/** Whether a category of a person is granted: of some people some are not. */
export const isGranted = ({ seed }: Model, id: string, category: string): boolean =>
  category === 'test.key' || dice(4, seed, 'granted', id, category) !== 0;

/** Whether a person is protected: then they are absent, also where a field is granted. */
export const isProtected = ({ seed, governed }: Model, id: string): boolean =>
  governed && dice(8, seed, 'protected', id) === 0;
