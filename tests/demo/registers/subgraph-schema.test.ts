import { expect } from 'chai';
import { graphql, GraphQLScalarType, parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { buildSubgraphSchema, type Subgraph } from '../../../demo/registers/subgraph-schema.js';

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  scalar Code
  interface Node @key(fields: "id") { id: ID! }
  type Query { person: Person }
  type Person implements Node @key(fields: "id") { id: ID! name: String code: Code }
  type Place @key(fields: "id") { id: ID! }`;

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { __typename ... on Person { id name } ... on Place { id } }
}`;

describe('the executable schema of a federated service', () => {
  const resolvers: Subgraph['resolvers'] = {
    Query: { person: () => ({ id: '1' }) },
    Node: {
      __resolveReference: ({ id }: { id: string }) => ({ __typename: 'Person', id }),
      __resolveType: ({ __typename }: { __typename: string }) => __typename,
    },
    Person: {
      __resolveReference: ({ id }: { id: string }) => (id === '1' ? { id } : undefined),
      name: ({ id }: { id: string }) => `name of ${id}`,
    },
    Code: new GraphQLScalarType({ name: 'Code', serialize: (value) => `code ${String(value)}` }),
  };
  const build = (changed: Partial<Subgraph['resolvers']> = {}): GraphQLSchema =>
    buildSubgraphSchema({ typeDefs: parse(SDL), resolvers: { ...resolvers, ...changed } as Subgraph['resolvers'] });
  const entities = (...representations: readonly object[]): Promise<ExecutionResult> =>
    graphql({ schema: build(), source: ENTITIES, variableValues: { representations } });

  it('answers entities in the order of their keys, null where the service has none', async () => {
    const result = await entities({ __typename: 'Person', id: '2' }, { __typename: 'Person', id: '1' });
    expect(result.errors).to.equal(undefined);
    expect(JSON.parse(JSON.stringify(result.data))).to.deep.equal({
      _entities: [null, { __typename: 'Person', id: '1', name: 'name of 1' }],
    });
  });

  it('answers an entity without a reference resolver with its representation', async () => {
    const { data } = await entities({ __typename: 'Place', id: '7' });
    expect(JSON.parse(JSON.stringify(data))).to.deep.equal({ _entities: [{ __typename: 'Place', id: '7' }] });
  });

  it('asks the entity of an interface for its type', async () => {
    const { data } = await entities({ __typename: 'Node', id: '1' });
    expect(JSON.parse(JSON.stringify(data))).to.deep.equal({
      _entities: [{ __typename: 'Person', id: '1', name: 'name of 1' }],
    });
  });

  it('fails for a type that is not an entity', async () => {
    const { errors } = await entities({ __typename: 'Code', id: '1' });
    expect(errors?.map(({ message }) => message)).to.deep.equal(['Code is not an entity of this service']);
  });

  it('uses the functions of a scalar', async () => {
    const schema = build({ Query: { person: () => ({ id: '1', code: 7 }) } });
    const { data } = await graphql({ schema, source: '{ person { code } }' });
    expect(JSON.parse(JSON.stringify(data))).to.deep.equal({ person: { code: 'code 7' } });
  });

  it('publishes its document, with its directives', async () => {
    const { data } = await graphql({ schema: build(), source: '{ _service { sdl } }' });
    expect((data as { _service: { sdl: string } })._service.sdl).to.include('type Place @key(fields: "id")');
  });

  it('has no field for entities where no type has a key, and gains a Query where it has none', () => {
    const schema = buildSubgraphSchema({ typeDefs: parse('type Thing { id: ID! }'), resolvers: {} });
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).to.deep.equal(['_service']);
  });

  it('refuses resolvers of what the document does not declare', () => {
    expect(() => build({ Nothing: {} })).to.throw('Nothing');
    expect(() => build({ Person: { height: () => 1 } })).to.throw('Person.height');
    expect(() => build({ Person: new GraphQLScalarType({ name: 'Person' }) })).to.throw('Person is not a scalar');
  });
});
