import { isObject } from '../../../schemas/objects.js';
import type { ChoiceShape, MemberShape, ObjectShape, Said, Shape, UnknownShape } from '../description.js';
import { findCycles, type Cycles } from './cycles.js';
import type { Node, OpenApiDocument } from './document.js';
import { leafOf } from './leaf.js';
import { lastName, pointerOf } from './pointer.js';
import { keywordsOf, type Discriminator, type Keywords } from './schema.js';

/** Objects of one answer at most, and objects in each other. Beyond it, what remains is left out and named. */
const MAX_OBJECTS = 20_000;
const MAX_NESTING = 60;

/** Where a schema is met. */
interface Surroundings {
  readonly place: string;
  /** Name of the member that holds it: its type's name, if the schema has none. */
  readonly name: string;
  /** The schema around it. */
  readonly outer: Node | undefined;
  /** How often a schema that contains itself may still be written. */
  readonly remaining: number;
  readonly nesting: number;
}

/** Turns schemas of one document into shapes. Recursion is cut at `depth`; what is cut or unclear is `said`. */
export class SchemaShapes {
  readonly said: Said[] = [];
  readonly #document: OpenApiDocument;
  readonly #depth: number;
  readonly #known = new Map<Node, Map<number, Shape>>();
  #cycles: Cycles = { isWithin: () => false };
  readonly #roots = new Set<Node>();
  #objects = 0;

  constructor(document: OpenApiDocument, depth: number) {
    this.#document = document;
    this.#depth = depth;
  }

  /** Returns the shape of a schema. `name` is for a type that the document does not name. */
  shapeOf(schema: Node, place: string, name: string): Shape {
    if (!this.#roots.has(schema)) {
      this.#roots.add(schema);
      this.#cycles = findCycles(schema, (keywords, one) => this.#variantsOf(keywords, one).map((each) => each.schema));
    }
    return this.#shape(schema, { place, name, outer: undefined, remaining: this.#depth - 1, nesting: 0 });
  }

  #shape(schema: Node, around: Surroundings): Shape {
    const isAgain = around.outer !== undefined && this.#cycles.isWithin(schema, around.outer);
    const remaining = isAgain ? around.remaining : this.#depth - 1;
    const known = this.#known.get(schema)?.get(remaining);
    if (known) return known;
    const here = { ...around, ...this.#named(schema, around), remaining };
    const shape = this.#made(schema, keywordsOf(schema), here);
    const byRemaining = this.#known.get(schema) ?? new Map<number, Shape>();
    this.#known.set(schema, byRemaining.set(remaining, shape));
    return shape;
  }

  #made(schema: Node, keywords: Keywords, around: Surroundings): Shape {
    if (keywords.unread !== undefined) return unknown(keywords.unread);
    const isList = keywords.types.includes('array') || (keywords.types.length === 0 && keywords.items !== undefined);
    if (isList && keywords.types.length < 2) return this.#list(schema, keywords, around);
    const variants = this.#variantsOf(keywords, schema);
    if (variants.length > 0 || isObjectSchema(keywords)) return this.#guarded(schema, keywords, around);
    if (keywords.alternatives.length > 0) return this.#alternatives(schema, keywords, around);
    const leaf = leafOf(keywords);
    if (leaf) return leaf;
    if (keywords.types.length > 1) return unknown(`it may be ${keywords.types.join(' or ')}`);
    if (keywords.types[0] === 'object')
      return unknown(
        isObject(keywords.additional)
          ? 'an object whose members have names of their own'
          : 'an object whose members the document does not describe',
      );
    return unknown('the document does not say what it is');
  }

  #list(schema: Node, { items, maxItems }: Keywords, around: Surroundings): Shape {
    if (items === undefined) return unknown('a list, and the document does not say of what');
    const of = this.#shape(items, {
      ...around,
      place: pointerOf(around.place, 'items'),
      name: singular(around.name),
      outer: schema,
    });
    return of.kind === 'unknown' ? of : { kind: 'list', of, maxItems };
  }

  /** Objects count: they are what may contain itself. */
  #guarded(schema: Node, keywords: Keywords, around: Surroundings): Shape {
    this.#objects += 1;
    const isRecursive = around.outer !== undefined && this.#cycles.isWithin(schema, around.outer);
    const remaining = around.remaining - (isRecursive ? 1 : 0);
    if (remaining < 0) return unknown(`${around.name} contains itself, and is cut here (--depth ${this.#depth})`);
    if (this.#objects > MAX_OBJECTS || around.nesting > MAX_NESTING)
      return unknown('the answer is too large: choose a smaller --depth');
    const inside = { ...around, remaining, nesting: around.nesting + 1 };
    const choice = this.#choice(schema, keywords, inside);
    return choice ?? this.#object(schema, keywords, inside);
  }

  #object(schema: Node, keywords: Keywords, around: Surroundings): ObjectShape | UnknownShape {
    const members = this.#members(schema, keywords, around);
    if (members.length === 0) return unknown('an object whose members the document does not describe');
    return {
      kind: 'object',
      name: around.name,
      description: keywords.description,
      members,
      open: keywords.additional !== false,
    };
  }

  #members(schema: Node, keywords: Keywords, around: Surroundings): readonly MemberShape[] {
    return [...keywords.properties].flatMap(([name, parts]): readonly MemberShape[] => {
      const [only] = parts;
      const member: Node = parts.length === 1 && only ? only : { allOf: parts };
      if (member['writeOnly'] === true) return [];
      const place = pointerOf(around.place, 'properties', name);
      const described = keywordsOf(member);
      return [
        {
          name,
          at: [name],
          shape: this.#shape(member, { ...around, place, name, outer: schema }),
          description: described.description,
          required: keywords.required.has(name),
          nullable: described.isNullable || described.alternatives.some(isNull),
          place,
        },
      ];
    });
  }

  #choice(schema: Node, keywords: Keywords, around: Surroundings): Shape | undefined {
    const property = keywords.discriminator?.property ?? tellingMember(keywords)?.name;
    const variants = this.#variantsOf(keywords, schema).flatMap(({ value, schema: variant }) => {
      const named = { ...around, ...this.#named(variant, { ...around, name: value }) };
      const shape = this.#object(variant, withBase(keywordsOf(variant), keywords), named);
      return shape.kind === 'object' ? [{ value, shape }] : [];
    });
    if (property === undefined || variants.length === 0) return undefined;
    const choice: ChoiceShape = {
      kind: 'choice',
      name: around.name,
      description: keywords.description,
      discriminator: [property],
      variants,
    };
    return choice;
  }

  /** One of several, and nothing tells which: a leaf if all are the same type, an object with the members of all. */
  #alternatives(schema: Node, keywords: Keywords, around: Surroundings): Shape {
    const others = keywords.alternatives.filter((one) => !isNull(one));
    const shapes = others.map((one, index) =>
      this.#shape(one, { ...around, place: pointerOf(around.place, 'anyOf', index), outer: schema }),
    );
    const [first] = shapes;
    if (first === undefined) return unknown('the document does not say what it is');
    if (shapes.length === 1) return first;
    const leaves = shapes.flatMap((shape) => (shape.kind === 'leaf' ? [shape] : []));
    if (leaves.length === shapes.length && new Set(leaves.map(({ type }) => type)).size === 1)
      return { kind: 'leaf', type: leaves[0]?.type ?? 'text', transform: leaves[0]?.transform };
    const objects = shapes.flatMap((shape) => (shape.kind === 'object' ? [shape] : []));
    if (objects.length < shapes.length) return unknown('it may be of several types, and nothing tells which');
    this.said.push({
      place: around.place,
      message: `one of ${objects.length} forms, and nothing tells which: written as one type with the members of all`,
    });
    return {
      kind: 'object',
      name: around.name,
      description: keywords.description,
      members: unionOf(objects),
      open: true,
    };
  }

  #variantsOf(keywords: Keywords, schema: Node): readonly Variant[] {
    const { discriminator, alternatives } = keywords;
    if (discriminator === undefined) return tellingMember(keywords)?.variants ?? [];
    const { mapping } = discriminator;
    if (mapping) return this.#mapped(mapping, discriminator);
    const named = alternatives.filter((one) => !isNull(one));
    if (named.length === 0) return this.#extensionsOf(schema);
    return named.flatMap((one) => {
      const ref = this.#document.refOf(one);
      return ref === undefined ? [] : [{ value: lastName(ref), schema: one }];
    });
  }

  #mapped(mapping: ReadonlyMap<string, string>, { property }: Discriminator): readonly Variant[] {
    return [...mapping].flatMap(([value, to]) => {
      const found = this.#document.lookup(to.includes('#') ? to : pointerOf(this.#schemas, to));
      if (isObject(found)) return [{ value, schema: found }];
      const message = `the value "${value}" of ${property} leads to ${to}, which is not there`;
      if (!this.said.some((one) => one.message === message)) this.said.push({ place: this.#schemas, message });
      return [];
    });
  }

  /** Schemas of the document that extend one by `allOf`: its variants, where a discriminator has no mapping. */
  #extensionsOf(schema: Node): readonly Variant[] {
    const ref = this.#document.refOf(schema);
    const isBase = (one: unknown): boolean =>
      one === schema || (ref !== undefined && isObject(one) && this.#document.refOf(one) === ref);
    const all = this.#document.lookup(this.#schemas);
    return Object.entries(isObject(all) ? all : {}).flatMap(([value, one]) =>
      isObject(one) && Array.isArray(one['allOf']) && one['allOf'].some(isBase) ? [{ value, schema: one }] : [],
    );
  }

  get #schemas(): string {
    return this.#document.version === '2.0' ? '#/definitions' : '#/components/schemas';
  }

  #named(schema: Node, { place, name }: Pick<Surroundings, 'place' | 'name'>): Pick<Surroundings, 'place' | 'name'> {
    const ref = this.#document.refOf(schema);
    const { title } = schema;
    const isName = typeof title === 'string' && /^\p{L}[\p{L}\p{N} _-]{0,39}$/u.test(title);
    if (ref === undefined) return { place, name: isName ? title : name };
    return { place: ref, name: /\/(schemas|definitions)\/[^/]+$/.test(ref) ? lastName(ref) : name };
  }
}

interface Variant {
  readonly value: string;
  readonly schema: Node;
}

function withBase(variant: Keywords, base: Keywords): Keywords {
  const missing = [...base.properties].filter(([name]) => !variant.properties.has(name));
  return {
    ...variant,
    properties: new Map([...missing, ...variant.properties]),
    required: new Set([...base.required, ...variant.required]),
  };
}

/**
 * Returns the member that tells alternatives apart without a discriminator: each of them must have it, with one value
 * that no other has.
 */
function tellingMember({
  alternatives,
}: Keywords): { readonly name: string; readonly variants: readonly Variant[] } | undefined {
  const described = alternatives
    .filter((one) => !isNull(one))
    .map((schema) => ({ schema, keywords: keywordsOf(schema) }));
  const [first] = described;
  if (first === undefined || described.length < 2) return undefined;
  for (const name of first.keywords.properties.keys()) {
    const variants = described.flatMap(({ schema, keywords: { properties, required } }) => {
      const [value, ...others] = keywordsOf({ allOf: properties.get(name) ?? [] }).enum ?? [];
      return required.has(name) && typeof value === 'string' && others.length === 0 ? [{ value, schema }] : [];
    });
    if (new Set(variants.map(({ value }) => value)).size === described.length) return { name, variants };
  }
  return undefined;
}

/** Members of all objects. One that is of different types in two of them is not known; of one type, its limits are not. */
function unionOf(objects: readonly ObjectShape[]): readonly MemberShape[] {
  const members = new Map<string, MemberShape>();
  for (const { members: own } of objects)
    for (const member of own) {
      const known = members.get(member.name);
      const shape = known === undefined ? member.shape : eitherOf(known.shape, member.shape);
      members.set(member.name, { ...member, shape, required: false });
    }
  return [...members.values()];
}

function eitherOf(one: Shape, other: Shape): Shape {
  if (JSON.stringify(one) === JSON.stringify(other)) return one;
  const isOneType =
    one.kind === 'leaf' &&
    other.kind === 'leaf' &&
    one.type === other.type &&
    JSON.stringify(one.transform) === JSON.stringify(other.transform);
  if (!isOneType) return unknown('it may be of several types, and nothing tells which');
  return { kind: 'leaf', type: one.type, ...(one.transform === undefined ? {} : { transform: one.transform }) };
}

function isObjectSchema({ properties }: Keywords): boolean {
  return properties.size > 0;
}

function isNull(schema: Node): boolean {
  return schema['type'] === 'null' || (Array.isArray(schema['enum']) && schema['enum'].every((one) => one === null));
}

function unknown(why: string): UnknownShape {
  return { kind: 'unknown', why };
}

/** The name of an item of a list: `liens` holds a `lien`. English only; any name is right. */
function singular(name: string): string {
  if (/[^aeiou]ies$/.test(name)) return `${name.slice(0, -3)}y`;
  return /[^s]s$/.test(name) && name.length > 3 ? name.slice(0, -1) : name;
}
