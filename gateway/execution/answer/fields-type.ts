import {
  isAbstractType,
  isInterfaceType,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/**
 * Types whose fields a value is projected with: its object type, or the interface itself where a
 * register knows its objects by no other (`@interfaceObject`).
 */
export type FieldsType = GraphQLObjectType | GraphQLInterfaceType;

/** How to find the type of a value of this type; undefined for a type that the public schema does not have. */
export function typeFinder(
  type: GraphQLCompositeType,
  schema: GraphQLSchema,
): (value: Readonly<Record<string, unknown>>) => FieldsType | undefined {
  if (!isAbstractType(type)) return () => type;
  const byName = new Map<unknown, FieldsType>(
    schema.getPossibleTypes(type).map((possible) => [possible.name, possible]),
  );
  if (isInterfaceType(type)) byName.set(type.name, type).set(undefined, type);
  return (value) => byName.get(value['__typename'] ?? undefined);
}
