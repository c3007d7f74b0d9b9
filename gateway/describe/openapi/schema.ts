import { isObject } from '../../../schemas/objects.js';
import type { Node } from './document.js';
import { UNRESOLVED } from './imports.js';

/** Keywords of a schema after its `allOf` are merged. */
export interface Keywords {
  readonly types: readonly string[];
  readonly isNullable: boolean;
  readonly format: string | undefined;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly enum: readonly unknown[] | undefined;
  readonly pattern: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly maxItems: number | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly exclusiveMinimum: number | undefined;
  readonly exclusiveMaximum: number | undefined;
  /** Each part that describes a member: several where several parts of an `allOf` do. */
  readonly properties: ReadonlyMap<string, readonly Node[]>;
  readonly required: ReadonlySet<string>;
  readonly items: Node | undefined;
  /** Whether other members may come, and what of: a map has only those. */
  readonly additional: Node | boolean | undefined;
  /** One of these. */
  readonly alternatives: readonly Node[];
  readonly discriminator: Discriminator | undefined;
  /** Why the schema cannot be read: a reference that leads nowhere, a keyword that is not read. */
  readonly unread: string | undefined;
}

export interface Discriminator {
  readonly property: string;
  /** Values, each with a reference or name. Undefined: names of schemas. */
  readonly mapping: ReadonlyMap<string, string> | undefined;
}

/** JSON Schema keywords that change which values are allowed in a way that no type says. */
const NOT_READ = ['$dynamicRef', '$recursiveRef', 'if', 'patternProperties', 'prefixItems'];

const MAX_MERGED = 1_000;

/**
 * Returns the keywords of a schema, those of its `allOf` merged in. `asVariant`: a discriminator in an `allOf` counts for
 * the schema that declares it, not for those that extend it.
 */
export function keywordsOf(schema: Node): Keywords {
  const parts = partsOf(schema, new Set());
  const own = parts.filter(({ isOwn }) => isOwn).map(({ part }) => part);
  const all = parts.map(({ part }) => part);
  const first = <T>(name: string, is: (value: unknown) => value is T): T | undefined =>
    all.map((part) => part[name]).find(is);
  const properties = new Map<string, Node[]>();
  for (const part of [...all].sort(byBase(parts)))
    for (const [name, member] of Object.entries(isObject(part['properties']) ? part['properties'] : {}))
      properties.set(name, [...(properties.get(name) ?? []), isObject(member) ? member : {}]);
  const types = [...new Set(all.flatMap(typesIn))];
  const alternatives = all.flatMap((part) => [...nodes(part['oneOf']), ...nodes(part['anyOf'])]);
  return {
    types: types.filter((type) => type !== 'null'),
    isNullable: types.includes('null') || all.some((part) => part['nullable'] === true || part['x-nullable'] === true),
    format: first('format', isText) ?? (all.some(isEncoded) ? 'byte' : undefined),
    title: first('title', isText),
    description: first('description', isText),
    enum: all.some((part) => part['const'] !== undefined) ? [first('const', isDefined)] : first('enum', isList),
    pattern: first('pattern', isText),
    minLength: first('minLength', isNumber),
    maxLength: first('maxLength', isNumber),
    maxItems: first('maxItems', isNumber),
    ...boundsOf(all),
    properties,
    required: new Set(all.flatMap((part) => (Array.isArray(part['required']) ? part['required'].filter(isText) : []))),
    items: first('items', isObject),
    additional: first(
      'additionalProperties',
      (value): value is Node | boolean => typeof value === 'boolean' || isObject(value),
    ),
    alternatives,
    discriminator: own.map(discriminatorOf).find(isDefined),
    unread: all.map(unreadOf).find(isDefined),
  };
}

/** Whether a text holds bytes, as JSON Schema says it (draft 2020-12, validation, 8.3). */
function isEncoded({ contentEncoding }: Node): boolean {
  return isText(contentEncoding) && /^base(16|32|64)/i.test(contentEncoding);
}

interface Part {
  readonly part: Node;
  /** Whether it is the schema itself, not one that it extends. */
  readonly isOwn: boolean;
}

function partsOf(schema: Node, seen: Set<Node>): readonly Part[] {
  if (seen.has(schema) || seen.size > MAX_MERGED) return [];
  seen.add(schema);
  const bases = nodes(schema['allOf']);
  const hasOwn = isObject(schema['properties']) || bases.length !== 1;
  return [
    { part: schema, isOwn: true },
    // An allOf of one, without members beside it, is that schema with another description.
    ...bases.flatMap((base) => partsOf(base, seen).map(({ part, isOwn }) => ({ part, isOwn: isOwn && !hasOwn }))),
  ];
}

/** Members of a base come before those that extend it. */
function byBase(parts: readonly Part[]): (one: Node, other: Node) => number {
  const own = new Set(parts.filter(({ isOwn }) => isOwn).map(({ part }) => part));
  return (one, other) => Number(own.has(one)) - Number(own.has(other));
}

function typesIn({ type }: Node): readonly string[] {
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.filter(isText) : [];
}

function discriminatorOf({ discriminator }: Node): Discriminator | undefined {
  if (typeof discriminator === 'string') return { property: discriminator, mapping: undefined };
  if (!isObject(discriminator) || typeof discriminator['propertyName'] !== 'string') return undefined;
  const { mapping } = discriminator;
  const entries = isObject(mapping)
    ? Object.entries(mapping).flatMap(([value, to]) => (typeof to === 'string' ? [[value, to] as const] : []))
    : [];
  return { property: discriminator['propertyName'], mapping: entries.length > 0 ? new Map(entries) : undefined };
}

/** OpenAPI 3.0 and Swagger 2.0 write an exclusive bound as a flag beside the bound. */
function boundsOf(
  all: readonly Node[],
): Pick<Keywords, 'minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum'> {
  const bound = (name: string): number | undefined => all.map((part) => part[name]).find(isNumber);
  const isFlagged = (name: string): boolean => all.some((part) => part[name] === true);
  const [minimum, maximum] = [bound('minimum'), bound('maximum')];
  return {
    minimum: isFlagged('exclusiveMinimum') ? undefined : minimum,
    maximum: isFlagged('exclusiveMaximum') ? undefined : maximum,
    exclusiveMinimum: isFlagged('exclusiveMinimum') ? minimum : bound('exclusiveMinimum'),
    exclusiveMaximum: isFlagged('exclusiveMaximum') ? maximum : bound('exclusiveMaximum'),
  };
}

function unreadOf(part: Node): string | undefined {
  const ref = part[UNRESOLVED];
  if (typeof ref === 'string') return `the reference ${ref} leads nowhere`;
  const keyword = NOT_READ.find((name) => part[name] !== undefined);
  return keyword === undefined ? undefined : `the keyword ${keyword} is not read`;
}

function nodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
