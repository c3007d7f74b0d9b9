import { execute, isObjectType, parse, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { buildSubgraphSchema } from '../../../../demo/registers/subgraph-schema.js';
import type { JsonPoster } from '../../../../adapters/http/post-json.js';
import { parseRegister, type RegisterSchema } from '../../../../schemas/catalogue/register-schema.js';
import { stripGovernance } from '../../../../schemas/catalogue/strip-directives.js';
import { IDS, isLeafType, LEAVES_OF_THINGS, type EntityModel, type FieldModel, type Model } from './model.js';
import { isRooted, serviceSdl } from './sdl.js';
import { Numeral } from '../../../../schemas/numeral.js';
import { SENT } from './leaves.js';
import { computed, nodeOf, noteOf, refer, valueOf, type Arguments } from './world.js';

/** What a service receives for an entity: its keys, in some form, and what it requires, if that is not null. */
type Representation = Readonly<Record<string, unknown>> & { readonly __typename: string };

type Resolvers = Record<string, Record<string, GraphQLFieldResolver<unknown, unknown, Arguments>>>;

/** The services of a model that have anything. */
export interface Services {
  readonly registers: readonly RegisterSchema[];
  readonly clients: ReadonlyMap<string, JsonPoster>;
  /** What they were asked and answered so far, to tell of a failure. */
  readonly calls: readonly Call[];
}

export interface Call {
  readonly name: string;
  readonly asked: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> };
  readonly answered: unknown;
}

export function servicesOf(model: Model): Services {
  const present = [...Array(model.services).keys()].filter(
    (service) =>
      service === model.interfaceObject?.by || model.entities.some(({ services }) => services.includes(service)),
  );
  const registers = present.map((service) => parseRegister(`s${service}`, serviceSdl(model, service)));
  const calls: Call[] = [];
  const clients = registers.map(({ name, document }) => {
    const schema = buildSubgraphSchema({
      typeDefs: stripGovernance(document),
      resolvers: resolversOf(model, Number(name.slice(1))) as never,
    });
    sendAnything(schema, model);
    return [name, clientOf(schema, (asked, answered) => calls.push({ name, asked, answered }))] as const;
  });
  return { registers, clients: new Map(clients), calls };
}

/** Lets the leaves of a service be anything, and of any wrapping. */
function sendAnything(schema: GraphQLSchema, { entities }: Model): void {
  const leaves = entities.flatMap(({ name, fields }) =>
    fields.flatMap(({ name: field, kind }) =>
      kind.is === 'value' && isLeafType(kind.type) ? [[name, field] as const] : [],
    ),
  );
  for (const [name, fieldName] of [...leaves, ...LEAVES_OF_THINGS]) {
    const type = schema.getType(name);
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
    if (field) field.type = SENT;
  }
}

/** A service in process, its questions and answers through JSON as over a wire. */
function clientOf(schema: GraphQLSchema, tell: (asked: Call['asked'], answered: unknown) => void): JsonPoster {
  return {
    post: async ({ body }) => {
      const asked = JSON.parse(JSON.stringify(body)) as Call['asked'];
      const { query, variables } = asked;
      const result = await execute({
        schema,
        document: parse(query),
        ...(variables === undefined ? {} : { variableValues: variables }),
      });
      tell(asked, result);
      return { status: 200, body: wire(result) };
    },
    close: () => undefined,
  };
}

/** Returns a value as it is after a way through JSON. Numerals stay exact, as the gateway's JSON client keeps them. */
function wire(value: unknown): unknown {
  if (value instanceof Numeral || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(wire);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, wire(item)]])),
  );
}

function resolversOf(model: Model, service: number): Resolvers {
  if (model.interfaceObject?.by === service) return notesOf(model) as Resolvers;
  const resolvers: Resolvers = {
    Query: rootsOf(model, (entity) => isRooted(entity, service)) ?? {},
    Node: nodesOf(model) as never,
  };
  for (const entity of model.entities) {
    const fields = entity.fields.map((field) => [field.name, fieldResolver(model, entity, field, service)] as const);
    resolvers[entity.name] = {
      ...Object.fromEntries(fields),
      ...keyResolvers(),
      ...(model.governed || entity.services.includes(service)
        ? { __resolveReference: (reference: unknown) => reference }
        : {}),
    } as Resolvers[string];
  }
  return onlyDeclared(resolvers, serviceSdl(model, service));
}

/** The service that adds to every `Node` and knows none. */
function notesOf(model: Model): unknown {
  return {
    Query: { anyNode: (_: unknown, { id }: Arguments) => (nodeOf(model, String(id)) === null ? null : { id }) },
    Node: {
      __resolveReference: (reference: unknown) => reference,
      note: ({ id }: { id: string }) => noteOf(model, id),
    },
  };
}

/** The interface where it is known which there are. */
function nodesOf(model: Model): unknown {
  return {
    __resolveType: ({ __typename }: Representation) => __typename,
    __resolveReference: ({ id }: Representation) => nodeOf(model, String(id)),
  };
}

/** Root fields: one by its number, and all in two forms. */
export function rootsOf(model: Model, answered: (entity: EntityModel) => boolean): Resolvers[string] {
  return Object.fromEntries(
    model.entities.filter(answered).flatMap((entity) => [
      [entity.name, (_: unknown, { id }: Arguments) => (IDS.includes(String(id)) ? refer(entity, String(id)) : null)],
      [`${entity.name}s`, () => [...IDS.slice(0, 3).map((id) => refer(entity, id)), null]],
      [`${entity.name}all`, () => IDS.map((id) => refer(entity, id))],
    ]),
  );
}

function keyResolvers(): Resolvers[string] {
  return { id: (entity) => idOf(entity as Representation), code: (entity) => `c${idOf(entity as Representation)}` };
}

function idOf({ id, code }: Representation): string {
  if (id !== undefined && code !== undefined && code !== `c${String(id)}`)
    throw new Error('keys of two entities in one');
  return id === undefined ? String(code).slice(1) : String(id);
}

function fieldResolver(
  model: Model,
  entity: EntityModel,
  field: FieldModel,
  service: number,
): GraphQLFieldResolver<unknown, unknown, Arguments> {
  const { kind } = field;
  if (field.overrides === service)
    return () => {
      throw new Error('it was taken over by another service');
    };
  if (kind.is === 'computed')
    return (source) => computed(entity, kind.from, ({ name }) => (source as Representation)[name]);
  return (source, given) => valueOf(model, entity, idOf(source as Representation), field, given);
}

/** graphql-js refuses resolvers of what a schema does not declare. */
function onlyDeclared(resolvers: Resolvers, sdl: string): Resolvers {
  const declared = new Map<string, ReadonlySet<string>>();
  for (const definition of parse(sdl).definitions) {
    if (definition.kind === 'ObjectTypeDefinition' || definition.kind === 'InterfaceTypeDefinition')
      declared.set(definition.name.value, new Set((definition.fields ?? []).map(({ name }) => name.value)));
  }
  const kept = Object.entries(resolvers).filter(([type]) => declared.has(type));
  return Object.fromEntries(
    kept.map(([type, fields]) => [
      type,
      Object.fromEntries(
        Object.entries(fields).filter(([name]) => name.startsWith('__') || declared.get(type)?.has(name) === true),
      ),
    ]),
  );
}
