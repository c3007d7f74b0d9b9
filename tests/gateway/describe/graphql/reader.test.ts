import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildSchema, introspectionFromSchema, parse as parseGraphql } from 'graphql';
import { graphql } from '../../../../adapters/graphql/protocol.js';
import { graphqlSource } from '../../../../adapters/graphql/plain/source.js';
import type { Adapter, FetchSelection } from '../../../../adapters/port.js';
import { readSource } from '../../../../adapters/source-file.js';
import { createHttpClient } from '../../../../gateway/compose/http-client.js';
import { createProgram } from '../../../../gateway/cli/program.js';
import { probeSelection } from '../../../../gateway/probe/probe-selection.js';
import { SCHEMA, startPlainService } from '../../../adapters/graphql/plain/plain-service.js';
import { leaf, root } from '../../../adapters/selections.js';
import { listeningObserver, runningClock, seededRandom } from '../../../doubles.js';
import { someCalls } from '../../../recorded-calls.js';
import { TestTerminal } from '../../cli/test-terminal.js';

const WHOLE = '010203590013';

describe('tereze register new --from graphql', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'graphql-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = async (document: string, ...options: readonly string[]): Promise<string> => {
    const file = join(folder, 'schema');
    writeFileSync(file, document);
    const terminal = new TestTerminal();
    const given = ['--from', 'graphql', '--registers', join(folder, 'registers')];
    const words = ['node', 'tereze', 'register', 'new', 'plain', file, ...given, ...options];
    await createProgram(terminal).parseAsync(words);
    return terminal.printed;
  };
  const file = (name: string): string => readFileSync(join(folder, 'registers', 'plain', name), 'utf8');
  const ALL = ['person', 'persons', 'companiesOf'].flatMap((name) => ['--operation', name]);

  const adapterTo = (url: string): Adapter =>
    graphql.createAdapter({
      register: 'plain',
      source: graphqlSource.parse(readSource(join(folder, 'registers', 'plain', 'source.yaml'))),
      settings: graphql.anonymousSettings?.parse({ protocol: 'graphql', url }) ?? expect.fail(),
      maxResponseBytes: 100_000,
      http: createHttpClient(),
      clock: runningClock(),
      random: seededRandom('plain'),
      observer: listeningObserver(),
    });
  const answerOf = async (adapter: Adapter, selection: FetchSelection, asked: object): Promise<unknown> => {
    const { groups } = await adapter.read({
      requestId: 'request-1',
      calls: someCalls(),
      deadline: runningClock().monotonic() + 5_000,
      groups: [{ prepared: adapter.prepare(selection), variables: {}, ...asked }],
    });
    expect(groups[0]?.errors).to.deep.equal([]);
    return JSON.parse(JSON.stringify(groups[0]?.records[0]));
  };

  it('refuses a field of the query whose name is a command, unless the steward says that it reads', async () => {
    const document = `${SCHEMA}\nextend type RootQuery { deletePerson(id: ID!): Person }`;
    expect(await run(document)).to.include('refused  deletePerson: it changes data, by its name ("delete")');
    expect(await run(document, '--reads', 'deletePerson')).to.include('ready    deletePerson');
  });

  it('lists the root fields, and refuses those that change data', async () => {
    const printed = await run(`${SCHEMA}\nextend schema { mutation: Changes }\ntype Changes { move(id: ID!): Person }`);
    for (const name of ['person', 'persons', 'companiesOf']) expect(printed).to.include(`ready    ${name}`);
    expect(printed).to.include('refused  move: it changes data');
  });

  it('writes what answers every root field and every field of the record', async () => {
    await run(SCHEMA, ...ALL, '--personal', 'nationalId');
    const service = await startPlainService();
    const adapter = adapterTo(service.url);
    try {
      const probe = probeSelection(parseGraphql(file('schema.graphql')));
      const keys = [{ __typename: probe?.type, nationalId: WHOLE }];
      expect(await answerOf(adapter, probe?.selection ?? expect.fail(), { keys })).to.deep.equal({
        ...{ nationalId: WHOLE, family_name: 'Тестов', givenName: 'Проба', born: '2001-02-03', status: 'ALIVE' },
        ...{ balance: '12345678.25', address: { line1: 'ул. Пробная, 1', postCode: '010000' } },
      });
      const variables = { number: WHOLE };
      for (const [name, argument] of [
        ['person', 'nationalId'],
        ['persons', 'nationalIds'],
      ] as const)
        expect(
          await answerOf(adapter, root(name, argument, 'number', 'Person', [leaf('born')]), { variables }),
        ).to.deep.equal({ [name]: { born: '2001-02-03' } });
      const companies = root('companiesOf', 'nationalId', 'number', 'Company', [leaf('bin')]);
      const [field] = companies.fields;
      const all = { ...companies, fields: field === undefined ? [] : [{ ...field, list: true }] };
      const { companiesOf } = (await answerOf(adapter, all, { variables })) as { companiesOf: unknown[] };
      expect(companiesOf).to.have.length(45);
    } finally {
      await adapter.close();
      await service.close();
    }
  });

  it('reads the JSON of an introspection query like the SDL', async () => {
    await run(SCHEMA, ...ALL);
    const written = file('source.yaml');
    rmSync(join(folder, 'registers'), { recursive: true });
    await run(JSON.stringify({ data: introspectionFromSchema(buildSchema(SCHEMA)) }), ...ALL);
    expect(file('source.yaml')).to.equal(written);
  });

  it('writes input objects, constants, unions in records and scalars, and cuts what contains itself', async () => {
    const sdl = `
      scalar Date
      scalar JSON
      input Filter { number: ID!, region: String, deep: Filter }
      type Query { find(filter: Filter!, lang: String!): Found }
      type Found { number: ID!, on: Date, extra: JSON, parent: Found, owner: Owner, many(first: Int!): [String] }
      union Owner = Human | Firm
      type Human { iin: String }
      type Firm { bin: ID }`;
    const printed = await run(sdl, '--operation', 'find', '--constant', 'lang=kk', '--depth', '1');
    expect(printed)
      .to.include('Found.extra: left out')
      .and.include('Found.parent: left out')
      .and.include('Found.many: left out: it needs the argument first');
    const { operations, types } = graphqlSource.parse(readSource(join(folder, 'registers', 'plain', 'source.yaml')));
    expect(operations?.['find']?.variables).to.deep.equal({
      filter: { number: '{filter_number}', region: '{filter_region}' },
      lang: 'kk',
    });
    expect(types?.['Found']?.fields['owner']).to.deep.equal({
      discriminator: { at: ['__typename'], types: { Human: 'Human', Firm: 'Firm' } },
    });
    const adapter = adapterTo('http://127.0.0.1:1/graphql');
    const owner = (parentType: string) => ({
      ...leaf('owner')(parentType),
      type: 'Owner',
      fields: [leaf('iin')('Human'), leaf('bin')('Firm')],
    });
    adapter.prepare(root('find', 'filterNumber', 'number', 'Found', [owner]));
  });

  it('says where a schema is wrong', async () => {
    await run('type Query { a: ').catch((error: unknown) =>
      expect(String(error)).to.include('1:17: is no schema of GraphQL'),
    );
    await run('{"data":{}}').catch((error: unknown) => expect(String(error)).to.include('it has no __schema'));
    await run('type A { b: Int }').catch((error: unknown) => expect(String(error)).to.include('has no query type'));
  });
});
