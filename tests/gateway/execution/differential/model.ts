import { checkDigit } from '../../../../schemas/identifiers/iin.js';
import fc, { type GeneratorValue } from 'fast-check';
import { LEAVES, type Leaf } from './leaves.js';

/** A leaf, an object without a key, or one of two such objects. */
export type ValueType = Leaf | 'Detail' | 'Thing';

/** Whether values of a type are leaves. */
export const isLeafType = (type: ValueType): type is Leaf => type !== 'Detail' && type !== 'Thing';

/** Fields of objects without a key that are samples, too. */
export const LEAVES_OF_THINGS = [
  ['Detail', 'size'],
  ['Label', 'text'],
  ['Label', 'marks'],
] as const;

/** What a field is: a value, one computed of others, one with arguments, or a link. */
export type FieldKind =
  | { readonly is: 'value'; readonly type: ValueType }
  | { readonly is: 'labelled' }
  | { readonly is: 'computed'; readonly from: readonly Required[] }
  | { readonly is: 'link'; readonly to: number }
  | { readonly is: 'abstract'; readonly type: 'Node' | 'Anything' };

/** What a computed field requires of another: with arguments or fields of its own where it has such. */
export interface Required {
  readonly name: string;
  /** The text in `@requires`. */
  readonly asked: string;
  readonly given: Readonly<Record<string, unknown>>;
}

export type Wrapping = 'plain' | 'list' | 'listOfSome' | 'grid' | 'gridOfSome';

/** How many lists are around a value of a field. */
export const listsAround = ({ wrapping }: Pick<FieldModel, 'wrapping'>): number =>
  wrapping === 'plain' ? 0 : wrapping.startsWith('grid') ? 2 : 1;

/** Whether nothing in the lists of a field may be null. */
export const ofSome = ({ wrapping }: Pick<FieldModel, 'wrapping'>): boolean => wrapping.endsWith('OfSome');

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
  /** `@inaccessible`: only others are computed of it. */
  readonly hidden: boolean;
}

/** `id`: everywhere; `both`: a compound key; `bridge`: the first service knows both, the others one of two. */
export type KeyForm = 'id' | 'both' | 'bridge';

export interface EntityModel {
  readonly name: string;
  readonly keys: KeyForm;
  /** The service that answers root fields of this type; it always has the type. */
  readonly home: number;
  /** Every service that has the type answers its root fields. */
  readonly sharedRoots: boolean;
  readonly services: readonly number[];
  readonly fields: readonly FieldModel[];
}

/** A country of services: which types there are, who answers what, and how types are joined. */
export interface Model {
  readonly services: number;
  readonly entities: readonly EntityModel[];
  /** A service that knows every `Node` (entities of key `id`), and one that adds a field to all of them without knowing which there are. */
  readonly interfaceObject: { readonly holder: number; readonly by: number } | undefined;
  /** Every entity is a person, every field has a category, and of some people some are withheld. */
  readonly governed: boolean;
  /** Says which values, nulls and failures there are. */
  readonly seed: number;
}

const number = (serial: number): string => `80010139${serial}${checkDigit(`80010139${serial}`)}`;

/** Numbers of every entity that exists, and of no one; serials from 900 are never issued. */
export const IDS: readonly string[] = [901, 902, 903, 904, 905, 906].map(number);
export const UNKNOWN_NUMBER = number(907);

type Shape = Omit<EntityModel, 'fields'>;

/** A random model; a failing one is made smaller by what `choose` remembers. */
export function chooseModel(choose: GeneratorValue, governed: boolean): Model {
  const services = choose(fc.integer, { min: 2, max: 4 });
  const all = [...Array(services).keys()];
  const shapes = [...Array(choose(fc.integer, { min: 2, max: 4 })).keys()].map((index): Shape => {
    const held = choose(fc.subarray<number>, all, { minLength: 1 });
    return {
      name: `E${index}`,
      keys: choose(fc.constantFrom<KeyForm[]>, ...(governed ? GOVERNED_KEYS : KEYS)),
      home: held[0] ?? 0,
      sharedRoots: choose(fc.constantFrom<boolean[]>, false, false, true),
      services: held,
    };
  });
  const interfaceObject =
    choose(fc.constantFrom<boolean[]>, false, true) && shapes.some(isNode)
      ? { holder: choose(fc.constantFrom<number[]>, ...all), by: services }
      : undefined;
  const known = shapes.map((shape) =>
    interfaceObject && isNode(shape)
      ? { ...shape, services: [...new Set([...shape.services, interfaceObject.holder])] }
      : shape,
  );
  const entities = withLinksToRely(
    known.map((shape) => ({
      ...shape,
      fields: chooseFields(choose, shape, { shapes: known, holder: interfaceObject?.holder, governed }),
    })),
  );
  return {
    services: interfaceObject ? services + 1 : services,
    entities: governed ? entities.map(governable) : entities,
    interfaceObject,
    governed,
    seed: choose(fc.nat),
  };
}

const KEYS: readonly KeyForm[] = ['id', 'id', 'both', 'bridge'];
/** By a code alone no one could say whose data it is. */
const GOVERNED_KEYS: readonly KeyForm[] = ['id', 'id', 'both'];

/** What can be withheld may be null. */
function governable(entity: EntityModel): EntityModel {
  return {
    ...entity,
    fields: entity.fields.map((field) => ({
      ...field,
      nonNull: false,
      wrapping: field.wrapping === 'listOfSome' ? 'list' : field.wrapping === 'gridOfSome' ? 'grid' : field.wrapping,
    })),
  };
}

/** An entity that implements `Node`. */
export const isNode = ({ keys }: Pick<EntityModel, 'keys'>): boolean => keys === 'id';

interface Country {
  readonly shapes: readonly Shape[];
  /** The only service that has the interface, where one adds to it. */
  readonly holder: number | undefined;
  /** Links lead to entities that a service finds by their number alone: to no union, and to no interface without a key. */
  readonly governed: boolean;
}

function chooseFields(choose: GeneratorValue, shape: Shape, country: Country): readonly FieldModel[] {
  const count = choose(fc.integer, { min: 2, max: 6 });
  const fields: FieldModel[] = [];
  for (let index = 0; index < count; index += 1)
    fields.push(chooseField(choose, `${shape.name.toLowerCase()}f${index}`, { ...country, shape, before: fields }));
  return settled(choose, fields);
}

interface FieldSurroundings extends Country {
  readonly shape: Shape;
  readonly before: readonly FieldModel[];
}

function chooseField(
  choose: GeneratorValue,
  name: string,
  { shape, shapes, holder, governed, before }: FieldSurroundings,
): FieldModel {
  const owner = choose(fc.constantFrom<number[]>, ...shape.services);
  const others = shape.services.filter((service) => service !== owner);
  const plain = {
    name,
    services: [owner],
    wrapping: 'plain',
    nonNull: false,
    fallible: true,
    overrides: undefined,
    hidden: false,
  } as const;
  switch (
    choose(
      fc.constantFrom<string[]>,
      'value',
      'value',
      'value',
      'labelled',
      'computed',
      'link',
      'link',
      'link',
      'abstract',
    )
  ) {
    case 'labelled':
      return { ...plain, kind: { is: 'labelled' } };
    case 'computed': {
      const from = before
        .filter((field) => !field.services.includes(owner) && field.overrides !== owner)
        .flatMap((field) => required(field, shapes) ?? []);
      if (from.length > 0)
        return { ...plain, kind: { is: 'computed', from: choose(fc.subarray<Required>, from, { minLength: 1 }) } };
      break;
    }
    case 'link': {
      const targets = [...shapes.keys()].filter((index) => !governed || shapes[index]?.keys === 'id');
      if (targets.length > 0)
        return {
          ...plain,
          ...chooseNullness(choose),
          kind: { is: 'link', to: choose(fc.constantFrom<number[]>, ...targets) },
        };
      break;
    }
    case 'abstract': {
      if (governed && holder !== owner) break;
      const type = governed
        ? 'Node'
        : holder === owner || holder === undefined
          ? choose(fc.constantFrom<('Node' | 'Anything')[]>, 'Node', 'Anything')
          : 'Anything';
      if (shapes.some((one) => isNode(one) && one.services.includes(owner)))
        return { ...plain, ...chooseNullness(choose), kind: { is: 'abstract', type } };
      break;
    }
  }
  const type = choose(fc.constantFrom<ValueType[]>, ...LEAVES, 'Detail', 'Thing', 'Thing');
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
  return {
    wrapping: choose(
      fc.constantFrom<Wrapping[]>,
      'plain',
      'plain',
      'plain',
      'list',
      'listOfSome',
      'grid',
      'gridOfSome',
    ),
    nonNull: choose(fc.constantFrom<boolean[]>, false, false, true),
  };
}

/** What a field of another service can require of this one; undefined: nothing. */
function required({ name, kind, wrapping }: FieldModel, shapes: readonly Shape[]): Required | undefined {
  switch (kind.is) {
    case 'value':
      if (kind.type === 'Thing') return undefined;
      return { name, asked: kind.type === 'Detail' ? `${name} { size inner { name } }` : name, given: {} };
    case 'computed':
      return { name, asked: name, given: {} };
    case 'labelled':
      return { name, asked: `${name}(times: 7)`, given: { prefix: 'none', times: 7 } };
    case 'link':
      return wrapping === 'plain' && shapes[kind.to]?.keys === 'id'
        ? { name, asked: `${name} { id }`, given: {} }
        : undefined;
    case 'abstract':
      return undefined;
  }
}

/** A field that others are computed from never fails, because the specification does not say whether its error is reported. */
function settled(choose: GeneratorValue, fields: readonly FieldModel[]): readonly FieldModel[] {
  const needed = new Set(
    fields.flatMap(({ kind }) => (kind.is === 'computed' ? kind.from.map(({ name }) => name) : [])),
  );
  return fields.map((field) =>
    needed.has(field.name)
      ? { ...field, fallible: false, hidden: choose(fc.constantFrom<boolean[]>, false, false, true) }
      : field,
  );
}

/** Where a link is required, nothing below it may make it null either. */
function withLinksToRely(entities: readonly EntityModel[]): readonly EntityModel[] {
  const isRequired = entities.some(({ fields }) =>
    fields.some(
      ({ kind }) =>
        kind.is === 'computed' &&
        kind.from.some(({ name }) => fields.some((field) => field.name === name && field.kind.is === 'link')),
    ),
  );
  if (!isRequired) return entities;
  return entities.map((entity) => ({
    ...entity,
    fields: entity.fields.map((field) => (field.nonNull ? { ...field, fallible: false } : field)),
  }));
}
