import { buildSchema, GraphQLError, isScalarType, isSpecifiedScalarType, type GraphQLSchema } from 'graphql';
import { SCALARS } from '../scalars/scalars.js';

/**
 * Returns the schema for the validation of documents, with the input rules of the scalars.
 *
 * @param options.assumeValid for a part of a valid schema, which may have a root type without fields.
 */
export function buildPublicSchema(publicSdl: string, options: { readonly assumeValid?: boolean } = {}): GraphQLSchema {
  const schema = buildSchema(publicSdl, { assumeValidSDL: true, assumeValid: options.assumeValid === true });
  for (const type of Object.values(schema.getTypeMap())) {
    const own = SCALARS.get(type.name);
    if (!isScalarType(type) || isSpecifiedScalarType(type)) continue;
    if (own === undefined) {
      type.parseValue = finite;
      continue;
    }
    type.parseValue = own.parseValue;
    type.parseLiteral = own.parseLiteral;
    type.serialize = own.serialize;
  }
  return schema;
}

/** Input of a scalar that only its register knows. JSON has no infinite number, so that one would arrive there as null. */
function finite(value: unknown): unknown {
  if (hasInfinite(value)) throw new GraphQLError('not a number that can be passed on');
  return value;
}

function hasInfinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinite);
}
