import { buildSchema, isScalarType, type GraphQLSchema } from 'graphql';
import { SCALARS } from '../scalars/scalars.js';

/** The schema that documents are validated against, with the scalars' own rules of input. */
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
