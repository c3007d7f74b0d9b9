import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** The types and fields that the fetches of a plan select: those of the supergraph, inaccessible ones included. */
export interface SupergraphTypes {
  /** Returns the type of a field. Throws for a field that the supergraph does not have. */
  field(parent: string, name: string): FieldType;
  /** The type itself, and every object type that it may stand for. */
  possibleTypes(type: string): ReadonlySet<string>;
  isObject(type: string): boolean;
  /** Returns the values of an enum, or undefined for any other type. */
  enumValues(type: string): ReadonlySet<string> | undefined;
  /** Name of the root type that operations of this kind select on. */
  rootType(kind: 'query' | 'mutation' | 'subscription'): string;
}

export interface FieldType {
  /** Named type. */
  readonly name: string;
  readonly list: boolean;
  /** How many lists enclose a value. */
  readonly lists: number;
  readonly composite: boolean;
}

export function supergraphTypes(schema: GraphQLSchema): SupergraphTypes {
  const stands = new Map<string, ReadonlySet<string>>();
  for (const type of Object.values(schema.getTypeMap())) {
    const objects = isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [];
    stands.set(type.name, new Set([type.name, ...objects]));
  }
  return {
    field: (parent, name) => fieldType(schema, parent, name),
    possibleTypes: (type) => stands.get(type) ?? new Set([type]),
    isObject: (type) => isObjectType(schema.getType(type)),
    enumValues: (name) => {
      const type = schema.getType(name);
      return isEnumType(type) ? new Set(type.getValues().map((value) => value.name)) : undefined;
    },
    rootType: (kind) => rootTypeName(schema, kind),
  };
}

function fieldType(schema: GraphQLSchema, parent: string, name: string): FieldType {
  const type = schema.getType(parent);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  if (!field) throw new Error(`the plan selects ${parent}.${name}, which the supergraph does not have`);
  const named = getNamedType(field.type);
  const lists = listsAround(field.type);
  return { name: named.name, list: lists > 0, lists, composite: isCompositeType(named) };
}

function listsAround(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listsAround(type.ofType);
  return isListType(type) ? 1 + listsAround(type.ofType) : 0;
}

function rootTypeName(schema: GraphQLSchema, kind: 'query' | 'mutation' | 'subscription'): string {
  const type =
    kind === 'query'
      ? schema.getQueryType()
      : kind === 'mutation'
        ? schema.getMutationType()
        : schema.getSubscriptionType();
  if (!type) throw new Error(`the supergraph has no ${kind} type`);
  return type.name;
}
