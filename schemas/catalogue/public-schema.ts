import { buildSchema, isScalarType, type GraphQLSchema } from 'graphql';
import { SCALARS } from '../scalars/scalars.js';

/** Returns the schema for the validation of documents, with the input rules of the scalars. */
export function buildPublicSchema(publicSdl: string): GraphQLSchema {
  const schema = buildSchema(publicSdl, { assumeValidSDL: true });
  for (const type of Object.values(schema.getTypeMap())) {
    const own = SCALARS.get(type.name);
    if (!isScalarType(type) || own === undefined) continue;
    type.parseValue = own.parseValue;
    type.parseLiteral = own.parseLiteral;
    type.serialize = own.serialize;
  }
  return schema;
}
