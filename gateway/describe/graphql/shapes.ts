import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { ChoiceShape, LeafShape, MemberShape, ObjectShape, Shape } from '../description.js';

/** Scalars by name: those of GraphQL, and names that services commonly give. */
const SCALARS: ReadonlyMap<string, Omit<LeafShape, 'kind'>> = new Map<string, Omit<LeafShape, 'kind'>>([
  ['Int', { type: 'integer' }],
  ['Float', { type: 'decimal', transform: { as: 'decimal' } }],
  ['String', { type: 'text' }],
  // A service may send an ID as a number.
  ['ID', { type: 'text', transform: { as: 'text' } }],
  ['Boolean', { type: 'boolean' }],
  ...['Date', 'LocalDate'].map((name) => [name, { type: 'date' }] as const),
  ...['DateTime', 'Instant', 'Timestamp', 'OffsetDateTime'].map((name) => [name, { type: 'instant' }] as const),
  ...['Decimal', 'BigDecimal', 'Money'].map(
    (name) => [name, { type: 'decimal', transform: { as: 'decimal' } }] as const,
  ),
  ...['BigInt', 'Long', 'Int64'].map((name) => [name, { type: 'long', transform: { as: 'integer' } }] as const),
  ...['UUID', 'URL', 'URI', 'EmailAddress'].map((name) => [name, { type: 'text' }] as const),
]);

/** Scalars that may be anything. */
const FREE: ReadonlySet<string> = new Set(['JSON', 'JSONObject', 'Any', '_Any', 'Map', 'Object', 'Upload']);

export interface ShapeRules {
  readonly schema: GraphQLSchema;
  /** How often a type that contains itself is written, one in the other. */
  readonly depth: number;
}

/** Returns the shape of a leaf type. */
export function leafOf(type: GraphQLLeafType): LeafShape | undefined {
  if (isEnumType(type)) return { kind: 'leaf', type: 'text', enum: type.getValues().map(({ name }) => name) };
  if (FREE.has(type.name)) return undefined;
  return { kind: 'leaf', ...(SCALARS.get(type.name) ?? { type: 'text' }) };
}

/** Returns the shape of what a field answers. `within`: names of the objects around it. */
export function shapeOf(type: GraphQLOutputType, rules: ShapeRules, within: readonly string[] = []): Shape {
  if (isNonNullType(type)) return shapeOf(type.ofType, rules, within);
  if (isListType(type)) return { kind: 'list', of: shapeOf(type.ofType, rules, within) };
  if (isLeafType(type))
    return leafOf(type) ?? { kind: 'unknown', why: `values of the scalar ${type.name} may be anything` };
  if (within.filter((name) => name === type.name).length >= rules.depth)
    return { kind: 'unknown', why: `${type.name} contains itself: cut here` };
  return isAbstractType(type) ? choiceOf(type, rules, within) : objectOf(type, rules, within);
}

export function objectOf(type: GraphQLObjectType, rules: ShapeRules, within: readonly string[]): ObjectShape {
  const inside = [...within, type.name];
  return {
    kind: 'object',
    name: type.name,
    ...(type.description ? { description: type.description } : {}),
    open: false,
    members: Object.values(type.getFields()).map((field) => memberOf(type, field, rules, inside)),
  };
}

function memberOf(
  type: GraphQLObjectType,
  { name, description, type: answers, args }: GraphQLField<unknown, unknown>,
  rules: ShapeRules,
  within: readonly string[],
): MemberShape {
  const isRequired = isNonNullType(answers);
  const required = args.filter(isRequiredArgument).map((argument) => argument.name);
  return {
    name,
    at: [name],
    ...(description ? { description } : {}),
    shape:
      required.length > 0
        ? { kind: 'unknown', why: `it needs the argument ${required.join(', ')}` }
        : shapeOf(answers, rules, within),
    required: isRequired,
    nullable: !isRequired,
    place: `${type.name}.${name}`,
  };
}

/** Types are told apart by `__typename`. */
function choiceOf(type: GraphQLAbstractType, rules: ShapeRules, within: readonly string[]): ChoiceShape {
  return {
    kind: 'choice',
    name: type.name,
    ...(type.description ? { description: type.description } : {}),
    discriminator: ['__typename'],
    variants: rules.schema
      .getPossibleTypes(type)
      .map((one) => ({ value: one.name, shape: objectOf(one, rules, [...within, type.name]) })),
  };
}

/** A list in pages (GraphQL Cursor Connections). */
export interface Connection {
  readonly node: GraphQLOutputType;
}

/** Returns what a connection holds; undefined for any other type. */
export function connectionOf(type: GraphQLOutputType): Connection | undefined {
  const named = getNamedType(type);
  if (!isObjectType(named)) return undefined;
  const { edges, pageInfo } = named.getFields();
  const [edge, page] = [edges && getNamedType(edges.type), pageInfo && getNamedType(pageInfo.type)];
  if (!isObjectType(edge) || !isObjectType(page)) return undefined;
  const { node } = edge.getFields();
  const { hasNextPage, endCursor } = page.getFields();
  return node && hasNextPage && endCursor ? { node: node.type } : undefined;
}
