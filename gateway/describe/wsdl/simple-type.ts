import type { LeafShape, LeafType, Shape, YamlObject } from '../description.js';
import { XSD } from './namespaces.js';
import { ecmaPattern } from './pattern.js';
import type { SchemaSet } from './schema-set.js';
import { attribute, childrenOf, type QName, type XmlNode } from './xml-document.js';

const BOOLEAN: YamlObject = { as: 'boolean', codes: { true: true, 1: true, false: false, 0: false } };

/** Built-in types that are no text, with their forms in XML (XML Schema, part 2, section 3). */
const BUILT_IN: Readonly<Record<string, { readonly type: LeafType; readonly transform?: YamlObject }>> = {
  boolean: { type: 'boolean', transform: BOOLEAN },
  ...Object.fromEntries(['decimal', 'float', 'double'].map((name) => [name, decimal()])),
  ...Object.fromEntries(
    ['int', 'short', 'byte', 'unsignedShort', 'unsignedByte'].map((name) => [name, whole('integer')]),
  ),
  ...Object.fromEntries(
    [
      ...['integer', 'long', 'unsignedInt', 'unsignedLong', 'positiveInteger', 'nonNegativeInteger'],
      ...['negativeInteger', 'nonPositiveInteger'],
    ].map((name) => [name, whole('long')]),
  ),
  date: { type: 'date', transform: { as: 'date', zone: 'drop' } },
  dateTime: { type: 'instant', transform: { as: 'instant' } },
  dateTimeStamp: { type: 'instant', transform: { as: 'instant' } },
  base64Binary: { type: 'binary' },
  hexBinary: { type: 'binary' },
};

function decimal(): { readonly type: LeafType; readonly transform: YamlObject } {
  return { type: 'decimal', transform: { as: 'decimal' } };
}

function whole(type: LeafType): { readonly type: LeafType; readonly transform: YamlObject } {
  return { type, transform: { as: 'integer' } };
}

const FACETS = ['pattern', 'enumeration', 'length', 'minLength', 'maxLength'] as const;
const BOUNDS = {
  minInclusive: 'minimum',
  maxInclusive: 'maximum',
  minExclusive: 'exclusiveMinimum',
  maxExclusive: 'exclusiveMaximum',
} as const;

/** Derivations of a type from one another. A published type has few. */
const MAX_STEPS = 50;

/** Returns the leaf that a built-in type is. Types that are not known are texts. */
export function builtInLeaf(local: string): LeafShape {
  return { kind: 'leaf', type: 'text', ...(Object.hasOwn(BUILT_IN, local) ? BUILT_IN[local] : {}) };
}

/** Returns the shape of a simple type by its name. Undefined if there is none of that name. */
export function simpleTypeShape(schemas: SchemaSet, name: QName, steps = 0): Shape | undefined {
  if (name.uri === XSD) return builtInLeaf(name.local);
  const component = schemas.find('simpleType', name);
  return component?.node.local === 'simpleType' ? simpleShape(schemas, component.node, steps) : undefined;
}

/** Returns the shape of an `xs:simpleType`: a leaf, or a list of them for `xs:list`. */
export function simpleShape(schemas: SchemaSet, node: XmlNode, steps = 0): Shape {
  const text: LeafShape = { kind: 'leaf', type: 'text' };
  if (steps > MAX_STEPS) return text;
  const [restriction] = childrenOf(node, XSD, 'restriction');
  if (restriction !== undefined) return restricted(schemas, restriction, steps + 1);
  const [list] = childrenOf(node, XSD, 'list');
  if (list !== undefined) return listShape(schemas, list, steps + 1);
  const [union] = childrenOf(node, XSD, 'union');
  return union === undefined ? text : unionShape(schemas, union, steps + 1);
}

/** Returns the base of a restriction, with its facets. The contract of a list is that of its items. */
export function restricted(schemas: SchemaSet, restriction: XmlNode, steps = 0): Shape {
  const base = baseShape(schemas, restriction, 'base', steps) ?? { kind: 'leaf', type: 'text' };
  return base.kind === 'leaf' ? { ...base, ...facetsOf(restriction, base) } : base;
}

function baseShape(schemas: SchemaSet, node: XmlNode, name: string, steps: number): Shape | undefined {
  const base = attribute(node, name);
  if (base !== undefined) return simpleTypeShape(schemas, node.named(base), steps);
  const [inline] = childrenOf(node, XSD, 'simpleType');
  return inline && simpleShape(schemas, inline, steps);
}

/** Values with spaces between them. */
function listShape(schemas: SchemaSet, list: XmlNode, steps: number): Shape {
  const item = baseShape(schemas, list, 'itemType', steps);
  if (item?.kind !== 'leaf') return { kind: 'leaf', type: 'text' };
  const { transform } = item;
  const split: YamlObject = { as: 'split', by: ' ' };
  return { kind: 'list', of: { ...item, transform: { as: transform === undefined ? [split] : [split, transform] } } };
}

/** One of several types: a code of any of them if all have codes, else a text. */
function unionShape(schemas: SchemaSet, union: XmlNode, steps: number): Shape {
  const named = (attribute(union, 'memberTypes') ?? '').split(/\s+/).filter((name) => name !== '');
  const members = [
    ...named.map((name) => simpleTypeShape(schemas, union.named(name), steps)),
    ...childrenOf(union, XSD, 'simpleType').map((node) => simpleShape(schemas, node, steps)),
  ];
  const codes = members.flatMap((member) => (member?.kind === 'leaf' && member.type === 'text' && member.enum) || []);
  const allHaveCodes = members.every((member) => member?.kind === 'leaf' && member.enum !== undefined);
  return { kind: 'leaf', type: 'text', ...(allHaveCodes && codes.length > 0 ? { enum: [...new Set(codes)] } : {}) };
}

function facetsOf(restriction: XmlNode, { type }: LeafShape): Partial<LeafShape> {
  const values = (facet: string): readonly string[] =>
    childrenOf(restriction, XSD, facet).flatMap((node) => attribute(node, 'value') ?? []);
  const [pattern, codes, length, shortest, longest] = FACETS.map(values);
  const isText = type === 'text';
  const bounds = Object.entries(BOUNDS).flatMap(([facet, bound]) =>
    values(facet).map((value) => [bound, value] as const),
  );
  return {
    ...(codes !== undefined && codes.length > 0 && type !== 'boolean' ? { enum: codes } : {}),
    ...(isText && pattern !== undefined && pattern.length > 0 ? given('pattern', ecmaPattern(pattern)) : {}),
    ...(isText ? given('minLength', countOf(length, shortest)) : {}),
    ...(isText ? given('maxLength', countOf(length, longest)) : {}),
    ...(type === 'decimal' || type === 'integer' || type === 'long' ? Object.fromEntries(bounds) : {}),
  };
}

function given<Value>(name: string, value: Value | undefined): Readonly<Record<string, Value>> {
  return value === undefined ? {} : { [name]: value };
}

function countOf(...values: readonly (readonly string[] | undefined)[]): number | undefined {
  const [value] = values.flatMap((some) => some ?? []);
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
