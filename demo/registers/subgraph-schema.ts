import {
  buildASTSchema,
  concatAST,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  Kind,
  parse,
  print,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLScalarType,
  type GraphQLSchema,
} from 'graphql';

type Resolver = (...parameters: never[]) => unknown;

/** The functions of one type, by field; also `__resolveReference` of an entity and `__resolveType` of an interface. */
type TypeResolvers = Readonly<Record<string, Resolver>>;

export interface Subgraph {
  readonly typeDefs: DocumentNode;
  readonly resolvers: Readonly<Record<string, TypeResolvers | GraphQLScalarType>>;
}

interface Representation {
  readonly __typename: string;
}

/**
 * Returns the executable schema of a federated service: the given types, with `Query._service` and, where a type has
 * a `@key`, `Query._entities` (Apollo Federation subgraph specification). `_service.sdl` is the given document. An entity
 * type without `__resolveReference` answers with the representation itself.
 *
 * Throws if a resolver belongs to a type or field that the document does not declare. Directives are not checked:
 * composition does that.
 */
export function buildSubgraphSchema({ typeDefs, resolvers }: Subgraph): GraphQLSchema {
  const schema = buildASTSchema(concatAST([typeDefs, federationTypes(typeDefs)]), { assumeValidSDL: true });
  const service = { _service: () => ({ sdl: print(typeDefs) }) };
  addResolvers(schema, 'Query', service);
  if (schema.getType('_Entity') !== undefined) {
    const _entities = (_: unknown, { representations }: { representations: readonly Representation[] }): unknown =>
      representations.map((representation) => resolveReference(schema, resolvers, representation));
    addResolvers(schema, 'Query', { _entities });
  }
  for (const [name, ofType] of Object.entries(resolvers)) addResolvers(schema, name, ofType);
  return schema;
}

/** What the specification adds to the types of a service. */
function federationTypes({ definitions }: DocumentNode): DocumentNode {
  const objects = definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);
  const hasQuery = objects.some(({ name }) => name.value === 'Query');
  const entities = objects
    .filter(({ directives }) => directives?.some(({ name }) => name.value === 'key') === true)
    .map(({ name }) => name.value);
  const entityTypes =
    entities.length === 0
      ? { definitions: '', field: '' }
      : {
          definitions: `scalar _Any union _Entity = ${entities.join(' | ')}`,
          field: '_entities(representations: [_Any!]!): [_Entity]!',
        };
  return parse(
    `${hasQuery ? 'extend ' : ''}type Query { _service: _Service! ${entityTypes.field} }
    type _Service { sdl: String! }
    ${entityTypes.definitions}`,
    { noLocation: true },
  );
}

function addResolvers(schema: GraphQLSchema, name: string, resolvers: TypeResolvers | GraphQLScalarType): void {
  const type = schema.getType(name);
  if (type === undefined) throw new Error(`resolvers for the type ${name}, which is not declared`);
  if (isScalarType(resolvers)) {
    if (!isScalarType(type)) throw new Error(`${name} is not a scalar`);
    const { serialize, parseValue, parseLiteral } = resolvers;
    Object.assign(type, { serialize, parseValue, parseLiteral });
    return;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`resolvers for ${name}, which has no fields`);
  for (const [field, resolver] of Object.entries(resolvers)) {
    if (field === '__resolveReference') continue;
    if (field === '__resolveType' && isAbstractType(type)) {
      type.resolveType = resolver as never;
      continue;
    }
    const declared = type.getFields()[field];
    if (declared === undefined) throw new Error(`a resolver for ${name}.${field}, which is not declared`);
    declared.resolve = resolver as GraphQLFieldResolver<unknown, unknown>;
  }
}

/** Returns the entity of a representation with its type name, or `null` where the service has none. */
function resolveReference(
  schema: GraphQLSchema,
  resolvers: Subgraph['resolvers'],
  representation: Representation,
): unknown {
  const name = representation.__typename;
  const type = schema.getType(name);
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`${name} is not an entity of this service`);
  const ofType = resolvers[name] as TypeResolvers | undefined;
  const resolve = ofType?.['__resolveReference'] as ((reference: Representation) => object | null) | undefined;
  const entity = resolve === undefined ? representation : (resolve(representation) ?? null);
  // An entity of an interface says its own type; the union `_Entity` reads it.
  if (entity === null || isInterfaceType(type) || ('__typename' in entity && entity.__typename === name)) return entity;
  return { ...entity, __typename: name };
}
