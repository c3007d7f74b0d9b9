import fc, { type GeneratorValue } from 'fast-check';

/** What a field is: a value, one computed of others, one with arguments, or a link. */
export type FieldKind =
  | { readonly is: 'value'; readonly type: 'Int' | 'String' | 'Boolean' | 'Colour' | 'Detail' }
  | { readonly is: 'labelled' }
  | { readonly is: 'computed'; readonly from: readonly string[] }
  | { readonly is: 'link'; readonly to: number }
  | { readonly is: 'abstract'; readonly type: 'Node' | 'Anything' };

export type Wrapping = 'plain' | 'list' | 'listOfSome';

export interface FieldModel {
  readonly name: string;
  readonly kind: FieldKind;
  readonly wrapping: Wrapping;
  readonly nonNull: boolean;
  /** Fails for some, as a service's own fields do; false for what others are computed of. */
  readonly fallible: boolean;
  /** Services that answer it; more than one: shareable. */
  readonly services: readonly number[];
  /** A service from which it was taken over, and which would answer wrongly. */
  readonly overrides: number | undefined;
}

/** `id`: everywhere; `both`: a compound key; `bridge`: the first service knows both, the others one of two. */
export type KeyForm = 'id' | 'both' | 'bridge';

export interface EntityModel {
  readonly name: string;
  readonly keys: KeyForm;
  /** The service that answers root fields of this type; it always has the type. */
  readonly home: number;
  readonly services: readonly number[];
  readonly fields: readonly FieldModel[];
}

/** A country of services: which types there are, who answers what, and how types are joined. */
export interface Model {
  readonly services: number;
  readonly entities: readonly EntityModel[];
  /** Says which values, nulls and failures there are. */
  readonly seed: number;
}

/** Persons, say: numbers of every entity that exists. */
export const IDS: readonly string[] = ['0', '1', '2', '3', '4', '5'];

type Shape = Omit<EntityModel, 'fields'>;

/** A random model; a failing one is made smaller by what `choose` remembers. */
export function chooseModel(choose: GeneratorValue): Model {
  const services = choose(fc.integer, { min: 2, max: 4 });
  const all = [...Array(services).keys()];
  const shapes = [...Array(choose(fc.integer, { min: 2, max: 4 })).keys()].map((index): Shape => {
    const held = choose(fc.subarray<number>, all, { minLength: 1 });
    return { name: `E${index}`, keys: choose(fc.constantFrom<KeyForm[]>, 'id', 'id', 'both', 'bridge'), home: held[0] ?? 0, services: held };
  });
  const entities = shapes.map((shape) => ({ ...shape, fields: chooseFields(choose, shape, shapes) }));
  return { services, entities, seed: choose(fc.nat) };
}

function chooseFields(choose: GeneratorValue, shape: Shape, shapes: readonly Shape[]): readonly FieldModel[] {
  const count = choose(fc.integer, { min: 2, max: 6 });
  const fields: FieldModel[] = [];
  for (let index = 0; index < count; index += 1) fields.push(chooseField(choose, `${shape.name.toLowerCase()}f${index}`, { shape, shapes, before: fields }));
  return settled(fields);
}

interface FieldSurroundings {
  readonly shape: Shape;
  readonly shapes: readonly Shape[];
  readonly before: readonly FieldModel[];
}

function chooseField(choose: GeneratorValue, name: string, { shape, shapes, before }: FieldSurroundings): FieldModel {
  const owner = choose(fc.constantFrom<number[]>, ...shape.services);
  const others = shape.services.filter((service) => service !== owner);
  const plain = { name, services: [owner], wrapping: 'plain', nonNull: false, fallible: true, overrides: undefined } as const;
  switch (choose(fc.constantFrom<string[]>, 'value', 'value', 'value', 'labelled', 'computed', 'link', 'link', 'link', 'abstract')) {
    case 'labelled':
      return { ...plain, kind: { is: 'labelled' } };
    case 'computed': {
      const from = before.filter((field) => isRequirable(field) && !field.services.includes(owner) && field.overrides !== owner).map((field) => field.name);
      if (from.length > 0) return { ...plain, kind: { is: 'computed', from: choose(fc.subarray<string>, from, { minLength: 1 }) } };
      break;
    }
    case 'link':
      return { ...plain, ...chooseNullness(choose), kind: { is: 'link', to: choose(fc.nat, { max: shapes.length - 1 }) } };
    case 'abstract': {
      const type = choose(fc.constantFrom<('Node' | 'Anything')[]>, 'Node', 'Anything');
      if (shapes.some(({ keys, services }) => keys === 'id' && services.includes(owner))) return { ...plain, ...chooseNullness(choose), kind: { is: 'abstract', type } };
      break;
    }
  }
  const type = choose(fc.constantFrom<('Int' | 'String' | 'Boolean' | 'Colour' | 'Detail')[]>, 'Int', 'String', 'Boolean', 'Colour', 'Detail');
  const value: FieldModel = { ...plain, ...chooseNullness(choose), kind: { is: 'value', type } };
  const [other] = others;
  if (other === undefined) return value;
  switch (choose(fc.constantFrom<string[]>, 'own', 'own', 'shared', 'taken')) {
    case 'shared':
      return { ...value, services: [owner, ...choose(fc.subarray<number>, others, { minLength: 1 })] };
    case 'taken':
      return { ...value, overrides: other };
    default:
      return value;
  }
}

function chooseNullness(choose: GeneratorValue): Pick<FieldModel, 'wrapping' | 'nonNull'> {
  return { wrapping: choose(fc.constantFrom<Wrapping[]>, 'plain', 'plain', 'list', 'listOfSome'), nonNull: choose(fc.constantFrom<boolean[]>, false, false, true) };
}

function isRequirable({ kind, wrapping }: FieldModel): boolean {
  return kind.is === 'value' && kind.type !== 'Detail' && wrapping === 'plain';
}

/** What others are computed of never fails: whether an error about it is told is no question of the specification. */
function settled(fields: readonly FieldModel[]): readonly FieldModel[] {
  const needed = new Set(fields.flatMap(({ kind }) => (kind.is === 'computed' ? kind.from : [])));
  return fields.map((field) => (needed.has(field.name) ? { ...field, fallible: false } : field));
}
