import type {
  ChoiceShape,
  EntityDescription,
  LeafShape,
  MemberShape,
  ObjectShape,
  Said,
  Shape,
  YamlObject,
} from '../description.js';
import { fieldName, NameSet, typeName } from './names.js';
import { isSameName, type PlannedField, type PlannedType, type PlannedUnion } from './plan.js';
import { PERSON_NUMBER, SCALARS } from './scalar-of.js';

/** Items that a list is assumed to have at most, where the document does not say. */
export const ASSUMED_ITEMS = { nested: 100, root: 1000 } as const;

/** A type or union while its name is not known. Structures that are alike are one draft. */
export type Draft = ObjectDraft | UnionDraft;

export interface ObjectDraft {
  readonly kind: 'object';
  readonly id: number;
  readonly shape: ObjectShape;
  readonly fields: readonly FieldDraft[];
}

export interface UnionDraft {
  readonly kind: 'union';
  readonly id: number;
  readonly shape: ChoiceShape;
  readonly variants: readonly { readonly value: string; readonly draft: ObjectDraft }[];
}

interface FieldDraft {
  readonly name: string;
  readonly member: MemberShape;
  readonly value: ValueDraft;
}

/** What a field or root answers with: a leaf or a draft, and the depth of lists around it. */
export interface ValueDraft {
  readonly lists: number;
  readonly maxItems: number | undefined;
  readonly leaf: LeafShape | undefined;
  readonly draft: Draft | undefined;
}

/** A type of which the writer knows how it is asked for. */
export interface EntityFacts {
  readonly key: readonly string[];
  readonly askedBy: YamlObject;
}

/** Collects the types of a register from the shapes of its answers. */
export class TypePlan {
  readonly said: Said[] = [];
  readonly #personal: readonly string[];
  readonly #byShape = new Map<Shape, Draft | undefined>();
  readonly #byStructure = new Map<string, Draft>();
  readonly #entities = new Map<Draft, EntityFacts>();
  /** Drafts of objects within other objects. */
  readonly #within = new Set<Draft>();

  constructor(personal: Iterable<string>) {
    this.#personal = [...personal];
  }

  /** Returns what a shape is in GraphQL, or undefined if nothing of it can be written. `place` is for what is left out. */
  value(shape: Shape, place: string): ValueDraft | undefined {
    const { inner, lists, maxItems } = withoutLists(shape);
    const none = (message: string): undefined => void this.said.push({ place, message });
    if (inner.kind === 'unknown') return none(`left out: ${inner.why}`);
    if (inner.kind === 'leaf' && inner.type === 'binary') return none('left out: binary content');
    if (inner.kind === 'leaf') return { lists, maxItems, leaf: inner, draft: undefined };
    const draft = this.#draft(inner);
    return draft
      ? { lists, maxItems, leaf: undefined, draft }
      : none('left out: an object without any member that can be read');
  }

  /** Makes the type of a record an entity. Returns false if a part of the key is not a plain member of it. */
  entity(draft: ObjectDraft, { key, by, source }: EntityDescription, operation: string | undefined): boolean {
    const names = key.map(({ member }) => draft.fields.find((field) => field.member.name === member && isPlain(field)));
    if (names.includes(undefined)) return false;
    const fields = names.flatMap((field) => (field ? [field.name] : []));
    const earlier = this.#entities.get(draft);
    if (earlier && earlier.key.join() !== fields.join()) return false;
    this.#entities.set(draft, {
      key: fields,
      askedBy: { ...(operation === undefined ? {} : { [by]: operation }), ...source, ...earlier?.askedBy },
    });
    return true;
  }

  /** Names what the drafts lead to, in the order in which they are met. */
  named(roots: readonly Draft[], names: NameSet): NamedTypes {
    const byDraft = new Map<Draft, string>();
    const waiting = [...roots];
    for (let draft = waiting.shift(); draft; draft = waiting.shift()) {
      if (byDraft.has(draft)) continue;
      byDraft.set(draft, names.take(typeName(draft.shape.name)));
      waiting.push(...below(draft));
    }
    for (const draft of byDraft.keys()) if (draft.kind === 'object') this.#noteWithin(draft);
    const nameOf = (draft: Draft): string => byDraft.get(draft) ?? '';
    return {
      nameOf,
      types: [...byDraft.keys()].flatMap((draft) => (draft.kind === 'object' ? [this.#type(draft, nameOf)] : [])),
      unions: [...byDraft.keys()].flatMap((draft) => (draft.kind === 'union' ? [unionOf(draft, nameOf)] : [])),
    };
  }

  #draft(shape: ObjectShape | ChoiceShape): Draft | undefined {
    if (!this.#byShape.has(shape)) {
      const made = shape.kind === 'object' ? this.#object(shape) : this.#union(shape);
      this.#byShape.set(shape, made);
    }
    return this.#byShape.get(shape);
  }

  #object(shape: ObjectShape): Draft | undefined {
    const names = new NameSet(['__typename']);
    const fields = shape.members.flatMap((member): readonly FieldDraft[] => {
      const value = this.value(member.shape, member.place);
      return value ? [{ name: names.take(fieldName(member.name)), member, value }] : [];
    });
    if (fields.length === 0) return undefined;
    return this.#alike(
      [
        shape.name,
        fields.map(({ name, member, value }) => [
          name,
          member.at,
          member.required,
          member.oneOrMany,
          structureOf(value),
        ]),
      ],
      (id) => ({ kind: 'object', id, shape, fields }),
    );
  }

  #union(shape: ChoiceShape): Draft | undefined {
    const variants = shape.variants.flatMap(({ value, shape: one }) => {
      const draft = this.#draft(one);
      return draft?.kind === 'object' ? [{ value, draft }] : [];
    });
    if (variants.length === 0) return undefined;
    return this.#alike(
      [shape.name, 'union', shape.discriminator, variants.map(({ value, draft }) => [value, draft.id])],
      (id) => ({ kind: 'union', id, shape, variants }),
    );
  }

  #alike(structure: unknown, make: (id: number) => Draft): Draft {
    const key = JSON.stringify(structure);
    const known = this.#byStructure.get(key) ?? make(this.#byStructure.size);
    this.#byStructure.set(key, known);
    return known;
  }

  #type(draft: ObjectDraft, nameOf: (draft: Draft) => string): PlannedType {
    const entity = this.#entities.get(draft);
    const subject = this.#subjectOf(draft);
    return {
      name: nameOf(draft),
      description: draft.shape.description,
      key: entity?.key ?? [],
      subject,
      askedBy: entity?.askedBy ?? {},
      fields: draft.fields.map((field) => this.#field(field, { nameOf, entity, subject, type: nameOf(draft) })),
    };
  }

  #noteWithin({ fields }: ObjectDraft): void {
    for (const { value } of fields) {
      if (value.draft === undefined) continue;
      this.#within.add(value.draft);
      if (value.draft.kind === 'union') for (const { draft } of value.draft.variants) this.#within.add(draft);
    }
  }

  /**
   * The field that says which person objects of a type are about, if they are about one. Objects within others that cannot
   * be asked for by that person are about the person of the record around them; their number leads to another one.
   */
  #subjectOf(draft: ObjectDraft): string | undefined {
    const entity = this.#entities.get(draft);
    const own = draft.fields.find((field) => this.#isPerson(field) && isPlain(field));
    if (entity) return entity.key.find((name) => name === own?.name);
    return this.#within.has(draft) ? undefined : own?.name;
  }

  /** The person that a field leads to: by a number in it, or by one in the objects below it. */
  #personOf({ name, value }: FieldDraft, isPerson: boolean, { nameOf, subject, type }: FieldSurroundings) {
    if (isPerson) return name === subject ? undefined : { field: name, role: lowerFirst(type) };
    const { draft } = value;
    const field = draft?.kind === 'object' ? this.#subjectOf(draft) : undefined;
    return draft === undefined || field === undefined ? undefined : { field, role: lowerFirst(nameOf(draft)) };
  }

  #field(field: FieldDraft, around: FieldSurroundings): PlannedField {
    const { nameOf, entity } = around;
    const { name, member, value } = field;
    const isPerson = this.#isPerson(field);
    const isKey = entity?.key.includes(name) ?? false;
    return {
      name,
      description: member.description,
      type: `${typeText(value, isPerson ? PERSON_NUMBER : namedType(value, nameOf))}${isKey ? '!' : ''}`,
      listSize: value.lists > 0 ? (value.maxItems ?? ASSUMED_ITEMS.nested) : undefined,
      person: this.#personOf(field, isPerson, around),
      mapping: mappingOf(field, nameOf),
      at: member.at,
      leaf: value.leaf,
      isRequired: isKey || (member.required && !member.nullable),
    };
  }

  #isPerson({ member, value }: FieldDraft): boolean {
    return value.leaf?.type === 'text' && this.#personal.some((name) => isSameName(name, member.name));
  }
}

/** Names that a {@link TypePlan} gave. */
export interface NamedTypes {
  readonly nameOf: (draft: Draft) => string;
  readonly types: readonly PlannedType[];
  readonly unions: readonly PlannedUnion[];
}

interface FieldSurroundings {
  readonly nameOf: (draft: Draft) => string;
  readonly entity: EntityFacts | undefined;
  readonly subject: string | undefined;
  readonly type: string;
}

/** Returns the type of a value as GraphQL writes it. */
export function typeText({ lists }: ValueDraft, named: string): string {
  return `${'['.repeat(lists)}${named}${']'.repeat(lists)}`;
}

/** Returns the named type of a value. */
export function namedType({ leaf, draft }: ValueDraft, nameOf: (draft: Draft) => string): string {
  if (draft) return nameOf(draft);
  return leaf === undefined || leaf.type === 'binary' ? 'String' : SCALARS[leaf.type];
}

function withoutLists(shape: Shape): {
  readonly inner: Exclude<Shape, { kind: 'list' }>;
  readonly lists: number;
  readonly maxItems: number | undefined;
} {
  let inner = shape;
  let lists = 0;
  let maxItems: number | undefined;
  for (; inner.kind === 'list'; inner = inner.of) {
    maxItems = lists === 0 ? inner.maxItems : undefined;
    lists += 1;
  }
  return { inner, lists, maxItems };
}

function isPlain({ value }: FieldDraft): boolean {
  return value.leaf !== undefined && value.lists === 0;
}

function below(draft: Draft): readonly Draft[] {
  return draft.kind === 'union'
    ? draft.variants.map((variant) => variant.draft)
    : draft.fields.flatMap(({ value }) => (value.draft ? [value.draft] : []));
}

function structureOf({ lists, maxItems, leaf, draft }: ValueDraft): unknown {
  return [lists, maxItems, draft?.id ?? leaf];
}

function unionOf(union: UnionDraft, nameOf: (draft: Draft) => string): PlannedUnion {
  return {
    name: nameOf(union),
    description: union.shape.description,
    members: [...new Set(union.variants.map(({ draft }) => nameOf(draft)))],
    mapping: kindOf({ lists: 0, maxItems: undefined, leaf: undefined, draft: union }, nameOf),
  };
}

function mappingOf({ name, member, value }: FieldDraft, nameOf: (draft: Draft) => string): YamlObject | string {
  const only = member.at.length === 1 ? member.at[0] : undefined;
  const at = typeof only === 'string' ? only : member.at;
  const beside = {
    ...kindOf(value, nameOf),
    ...(member.oneOrMany ? { one_or_many: true } : {}),
  };
  // The short form reads dots as steps.
  if (Object.keys(beside).length === 0 && typeof at === 'string' && !at.includes('.')) return at;
  return { ...(at === name ? {} : { at }), ...beside };
}

function kindOf({ leaf, draft }: ValueDraft, nameOf: (draft: Draft) => string): YamlObject {
  if (leaf) return leaf.transform ?? {};
  if (draft?.kind === 'object') return { type: nameOf(draft) };
  if (draft === undefined) return {};
  const types = Object.fromEntries(draft.variants.map((variant) => [variant.value, nameOf(variant.draft)]));
  return { discriminator: { at: [...draft.shape.discriminator], types } };
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
