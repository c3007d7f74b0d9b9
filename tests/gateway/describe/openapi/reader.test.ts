import { expect } from 'chai';
import { parse as readSourceText } from 'yaml';
import { xroadSource } from '../../../../adapters/xroad/source.js';
import { describe as describeRegister, type Described } from '../../../../gateway/describe/describe.js';
import { openapiReader } from '../../../../gateway/describe/openapi/reader.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { parseRegister } from '../../../../schemas/catalogue/register-schema.js';
import type { ReadRequest } from '../../../../gateway/describe/reader.js';

const PERSONS = {
  openapi: '3.0.3',
  info: { title: 'Persons', version: '1' },
  servers: [{ url: 'https://persons.example/api' }],
  paths: {
    '/persons/{number}': {
      get: {
        operationId: 'person',
        parameters: [{ name: 'number', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'ok',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Person' } } },
          },
          404: { description: 'nobody' },
        },
      },
      delete: { operationId: 'forget', responses: { 204: { description: 'gone' } } },
    },
  },
  components: {
    schemas: {
      Person: {
        type: 'object',
        required: ['number'],
        properties: {
          number: { type: 'string', pattern: '^[0-9]{12}$' },
          'full.name': { type: 'string', maxLength: 80 },
          income: { type: 'number' },
          born: { type: 'string', format: 'date' },
          registered: { type: 'string', description: 'dd.MM.yyyy' },
          mother: { $ref: '#/components/schemas/Person' },
        },
      },
    },
  },
};

describe('the reader of OpenAPI', () => {
  it('writes an operation that finds a record by its key', async () => {
    const { files, settings } = await read(PERSONS, { operations: ['person'] });
    expect(settings).to.include({ protocol: 'rest', url: 'https://persons.example/api' });
    expect(files?.['schema.graphql']).to.include('type Person @key(fields: "number") @category(name: "CATEGORY"');
    expect(files?.['schema.graphql']).to.include('number: String!').and.to.include('born: LocalDate');
    expect(files?.['source.yaml']).to.include('fullName: { at: full.name }');
    expect(files?.['source.yaml']).to.include('registered: { as: date, format: dd.MM.yyyy }');
    expect(files?.['source.yaml']).to.include('income: { as: decimal }');
    expect(files?.['source.yaml']).to.include('read: person');
    expect(files?.['contract.yaml']).to.include('pattern: ^[0-9]{12}$').and.to.include('maxLength: 80');
  });

  it('cuts a type that contains itself at the depth, and names it', async () => {
    const { files, said } = await read(PERSONS, { operations: ['person'], depth: 2 });
    expect(files?.['schema.graphql']?.match(/^ {2}mother: \w+$/gm)).to.deep.equal(['  mother: Person2']);
    expect(said.map(({ place, message }) => `${place}: ${message}`)).to.include(
      '#/components/schemas/Person/properties/mother: left out: Person contains itself, and is cut here (--depth 2)',
    );
  });

  /** A document whose one operation answers with this. */
  const answering = (schema: object, more: object = {}): typeof PERSONS =>
    ({
      openapi: '3.1.0',
      info: { title: 'One', version: '1' },
      paths: {
        '/one': {
          get: {
            operationId: 'one',
            responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
          },
        },
      },
      ...more,
    }) as unknown as typeof PERSONS;
  const object = (properties: object, required: readonly string[] = []): object => ({
    type: 'object',
    required,
    properties,
  });

  it('tells forms apart by a member that has a value of its own in each of them', async () => {
    const owner = {
      oneOf: [
        object({ kind: { const: 'natural' }, iin: { type: 'string' } }, ['kind']),
        object({ kind: { const: 'legal' }, bin: { type: 'string' } }, ['kind']),
      ],
    };
    const { files } = await read(answering(object({ owner })), { operations: ['one'] });
    expect(files?.['schema.graphql']).to.match(/union Owner = \w+ \| \w+/);
    expect(files?.['source.yaml']).to.match(
      /discriminator: \{ at: \[ kind \], types: \{ natural: \w+, legal: \w+ \} \}/,
    );
  });

  it('keeps a member that is of one type in forms that nothing tells apart', async () => {
    const kinds = ['a', 'b'].map((kind) =>
      object({ kind: { const: kind }, mixed: kind === 'a' ? { type: 'string' } : { type: 'boolean' } }),
    );
    const { files, said } = await read(answering(object({ thing: { oneOf: kinds } })), { operations: ['one'] });
    expect(files?.['schema.graphql']).to.include('kind: String').and.not.include('mixed');
    expect(said.map(({ message }) => message)).to.include(
      'left out: it may be of several types, and nothing tells which',
    );
  });

  it('leaves out bytes, as each version of the standard writes them', async () => {
    for (const bytes of [{ format: 'byte' }, { contentEncoding: 'base64' }]) {
      const scan = { type: 'string', ...bytes };
      const { files, said } = await read(answering(object({ scan, name: { type: 'string' } })), {
        operations: ['one'],
      });
      expect(files?.['schema.graphql']).not.to.include('scan');
      expect(said.map(({ message }) => message)).to.include('left out: binary content');
    }
  });

  it('writes the certificate of the client beside what else authenticates it', async () => {
    const securitySchemes = { cert: { type: 'mutualTLS' }, user: { type: 'http', scheme: 'basic' } };
    const { settings } = await read(answering(object({ a: { type: 'string' } }), { components: { securitySchemes } }), {
      operations: ['one'],
    });
    expect(settings).to.deep.include({
      auth: { type: 'basic', user: 'NAME', password_file: 'FILE' },
      tls: { cert_file: 'FILE', key_file: 'FILE' },
    });
  });

  it('says in which role objects below a record name a person, so that the schema composes', async () => {
    const party = object({ iin: { type: 'string' }, side: { type: 'string' } });
    const text = { type: 'string' };
    const one = object({ number: text, court: text, opened: text, parties: { type: 'array', items: party } });
    const { files } = await read(answering(one), { operations: ['one'], personal: new Set(['iin']) });
    const schema = files?.['schema.graphql'] ?? '';
    expect(schema).to.include('iin: Iin @subject(field: "iin", role: "party")').and.not.include('type Party @subject');
    composeCatalogue([parseRegister('one', schema.replaceAll('"CATEGORY"', '"test.data"'))]);
  });

  it('takes the document’s own example where nothing else describes the answer', async () => {
    const answer = { 'application/json': { examples: { one: { value: { city: 'Astana', people: 1430117 } } } } };
    const { files, operations } = await read(
      { ...PERSONS, paths: { '/city': { get: { responses: { 200: { description: 'ok', content: answer } } } } } },
      { operations: ['GET /city'] },
    );
    expect(operations[0]?.state).to.equal('ready');
    expect(files?.['schema.graphql']).to.include('city: String').and.to.include('people: BigInt');
  });

  it('takes any POST that a steward chooses for a question, and one with a changing name if told so', async () => {
    const answer = {
      200: { description: 'ok', content: { 'application/json': { schema: PERSONS.components.schemas.Person } } },
    };
    const paths = {
      '/search': { post: { responses: answer } },
      '/notify': { post: { operationId: 'sendQuestion', responses: answer } },
    };
    const states = async (reading: readonly string[]): Promise<readonly string[]> =>
      (await read({ ...PERSONS, paths }, { reading: new Set(reading) })).operations.map(({ state }) => state);
    expect(await states([])).to.deep.equal(['ready', 'refused']);
    expect(await states(['sendQuestion'])).to.deep.equal(['ready', 'ready']);
  });

  it('reads a discriminator without a mapping by the schemas that extend it', async () => {
    const schemas = {
      Pet: { type: 'object', discriminator: { propertyName: 'kind' }, properties: { kind: { type: 'string' } } },
      Cat: {
        allOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'object', properties: { lives: { type: 'string' } } }],
      },
      Owner: { type: 'object', properties: { name: { type: 'string' }, pet: { $ref: '#/components/schemas/Pet' } } },
    };
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/Owner' } } };
    const pets = { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } } };
    const paths = {
      '/owner': { get: { operationId: 'owner', responses: { 200: { description: 'ok', content } } } },
      '/pets': { get: { operationId: 'pets', responses: { 200: { description: 'ok', content: pets } } } },
    };
    const { files } = await read({ ...PERSONS, paths, components: { schemas } }, { operations: ['owner', 'pets'] });
    expect(files?.['schema.graphql']).to.include('union Pet = Cat');
    expect(files?.['source.yaml']).to.include('pet: { discriminator: { at: [ kind ], types: { Cat: Cat } } }');
    // An answer has no field that could say it.
    expect(files?.['source.yaml']).to.include('  Pet: { discriminator: { at: [ kind ], types: { Cat: Cat } } }');
  });

  it('refuses an operation that changes data by its name', async () => {
    const { operations } = await read(PERSONS, {});
    expect(operations.map(({ name, state }) => [name, state])).to.deep.equal([
      ['person', 'ready'],
      ['forget', 'refused'],
    ]);
    expect(operations[1]?.why).to.equal('DELETE changes data: Tereze only reads');
  });

  it('writes the protocol and the service of X-Road where the steward names one', async () => {
    const xroad = {
      ...{ instance: 'KZ', memberClass: 'GOV', memberCode: '990140090002', subsystem: 'business' },
      ...{ serviceCode: 'persons', version: 'v1' },
    };
    const { files, settings } = await read(
      { ...PERSONS, paths: { '/persons/{number}': PERSONS.paths['/persons/{number}'] } },
      { operations: ['person'], xroad },
    );
    const source = readSourceText(files?.['source.yaml'] ?? '');
    expect(source).to.have.property('protocol', 'xroad');
    expect(source)
      .to.have.property('service')
      .that.deep.equals({
        ...{ instance: 'KZ', member_class: 'GOV', member_code: '990140090002', subsystem: 'business' },
        ...{ service_code: 'persons', version: 'v1' },
      });
    expect(xroadSource.safeParse(source).error?.issues ?? []).to.deep.equal([]);
    expect(settings).to.include({ protocol: 'xroad', client: 'INSTANCE/CLASS/CODE/SUBSYSTEM' });
  });

  it('offers a batch where the document says that a parameter takes keys separated by commas', async () => {
    const items = {
      type: 'object',
      title: 'Unit',
      properties: { number: { type: 'string' }, name: { type: 'string' } },
    };
    const responses = {
      200: { description: 'ok', content: { 'application/json': { schema: { type: 'array', items } } } },
    };
    const described = (description: string): object => ({
      get: {
        operationId: 'units',
        responses,
        parameters: [{ name: 'number', in: 'query', description, schema: { type: 'string' } }],
      },
    });
    const offers = async (description: string): Promise<readonly string[]> => {
      const paths = { '/units': described(description) };
      const { said } = await read({ ...PERSONS, paths }, { operations: ['units'] });
      return said.map(({ message }) => message).filter((message) => message.includes('batch:'));
    };
    for (const text of ['Kommaseparert liste', 'comma-separated numbers', 'Список через запятую'])
      expect(await offers(text), text).to.have.length(1);
    expect((await offers('Kommaseparert liste.'))[0]).to.include(
      'query: { "number": { joined: "{number[]}" } } and batch: { max: NUMBER, answer: unordered, key: ["number"], absent: omitted }',
    );
    expect(await offers('One number')).to.deep.equal([]);
  });

  it('refuses a POST that is not known to read, until the steward says so', async () => {
    const post = (operationId: string, more: object = {}): object => ({ post: { operationId, ...more } });
    const responses = { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'string' } } } } };
    const paths = {
      '/a': post('zoekPersonen', { responses }),
      '/b': post('Personen', { responses }),
      '/c': post('Mensen', { responses, summary: 'Zoek mensen' }),
      '/d': post('wijzigAdres', { responses }),
      '/e': { get: { operationId: 'deletePerson', responses } },
      '/f/search': post('things', { responses }),
    };
    const refused = async (reading: readonly string[]): Promise<readonly string[]> => {
      const { operations } = await read({ ...PERSONS, paths }, { reading: new Set(reading) });
      return operations.filter(({ state }) => state === 'refused').map(({ name }) => name);
    };
    expect(await refused([])).to.deep.equal(['Personen', 'wijzigAdres', 'deletePerson']);
    expect(await refused(['Personen', 'POST /d', 'deletePerson'])).to.deep.equal([]);
  });
});

async function read(document: object, given: Partial<ReadRequest>): Promise<Described> {
  const request: ReadRequest = {
    document: { file: 'openapi.json', bytes: Buffer.from(JSON.stringify(document)) },
    referenced: () => undefined,
    operations: [],
    examples: new Map(),
    personal: new Set(),
    constants: new Map(),
    reading: new Set(),
    depth: 2,
    ...given,
  };
  const description = await openapiReader.read(request);
  return describeRegister(description, { register: 'persons', taken: { types: [], roots: [] }, ...request });
}
