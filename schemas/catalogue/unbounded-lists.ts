import {
  getNullableType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';

/** Returns the list fields of a schema without a bound on their length, as `Type.field`. The SDL of a register can bound a list by a directive; a schema alone only by an argument `first`. */
export function unboundedLists(schema: GraphQLSchema): readonly string[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !isIntrospectionType(type));
  return types.flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields())
          .filter(isUnbounded)
          .map(({ name }) => `${type.name}.${name}`)
      : [],
  );
}

function isUnbounded({ type, args }: GraphQLField<unknown, unknown>): boolean {
  if (!isListType(getNullableType(type))) return false;
  const first = args.find(({ name }) => name === 'first');
  return first === undefined || (!isNonNullType(first.type) && first.defaultValue === undefined);
}
