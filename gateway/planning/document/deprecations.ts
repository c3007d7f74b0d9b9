import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { sunsetOf } from '../../../schemas/catalogue/sunset.js';

/** A deprecated field that a document asks for. */
export interface Deprecation {
  /** `Type.field`. */
  readonly field: string;
  /** Date after which the field may be removed; absent if its register names none. */
  readonly sunset?: string;
  readonly reason: string;
}

/** Returns the deprecated fields of a document, each once, in order of appearance. The document must be valid. */
export type FindDeprecations = (document: DocumentNode) => readonly Deprecation[];

/** Returns a finder for a schema. It visits documents only if the schema has a deprecated field. */
export function deprecationFinder(schema: GraphQLSchema): FindDeprecations {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) || isInterfaceType(type));
  const isAny = types.some((type) =>
    Object.values(type.getFields()).some(
      ({ deprecationReason }) => deprecationReason !== undefined && deprecationReason !== null,
    ),
  );
  return isAny ? (document) => deprecationsOf(schema, document) : () => [];
}

function deprecationsOf(schema: GraphQLSchema, document: DocumentNode): readonly Deprecation[] {
  const found = new Map<string, Deprecation>();
  const types = new TypeInfo(schema);
  const enter = (): void => {
    const [field, parent] = [types.getFieldDef(), types.getParentType()];
    const reason = field?.deprecationReason;
    if (!field || !parent || reason === undefined || reason === null) return;
    const name = `${getNamedType(parent).name}.${field.name}`;
    const sunset = sunsetOf(reason);
    found.set(name, { field: name, ...(sunset === undefined ? {} : { sunset }), reason });
  };
  visit(document, visitWithTypeInfo(types, { Field: { enter } }));
  return [...found.values()];
}
