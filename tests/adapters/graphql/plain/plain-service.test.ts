import { expect } from 'chai';
import fc from 'fast-check';
import { parse as parseYaml } from 'yaml';
import { graphql } from '../../../../adapters/graphql/protocol.js';
import { graphqlSource } from '../../../../adapters/graphql/plain/source.js';
import type { Adapter, FetchSelection, RegisterAnswer } from '../../../../adapters/port.js';
import { createHttpClient } from '../../../../gateway/compose/http-client.js';
import { listeningObserver, runningClock, seededRandom } from '../../../doubles.js';
import { someCalls } from '../../../recorded-calls.js';
import { rejection } from '../../../rejection.js';
import { entities, leaf, list, object, root } from '../../selections.js';
import { startPlainService, type PlainService } from './plain-service.js';
import { beyondOf } from '../../../beyond.js';

const WHOLE = '010203590013';
const BARE = '930122390012';
const NO_ONE = '850506390012';

const MAPPING = `
protocol: graphql
operations:
  person:
    document: 'query ($id: String!) { person(nationalId: $id) { __typename ... on Person { select } } }'
    variables: { id: '{iin}' }
    answer: { record: person, not_found: { code: { at: [person, __typename], is: [NotFound] } } }
  persons:
    document: 'query ($ids: [String!]!) { persons(nationalIds: $ids) { select } }'
    variables: { ids: '{iin[]}' }
    batch: { max: 20, answer: ordered }
  companies:
    document: |
      query ($id: String!, $first: Int, $after: String) {
        companiesOf(nationalId: $id, first: $first, after: $after) {
          edges { node { select } }
          pageInfo { hasNextPage endCursor }
        }
      }
    variables: { id: '{iin}', first: '{page.size}', after: '{page.cursor}' }
    answer: { items: [companiesOf, edges], record: [node] }
    page: { next: [companiesOf, pageInfo, endCursor], more: [companiesOf, pageInfo, hasNextPage], size: 20 }
roots:
  citizen: { operation: person, arguments: { iin: iin } }
  companies: { operation: companies, arguments: { iin: iin } }
types:
  Citizen:
    key: iin
    read: person
    batch: persons
    fields:
      iin: nationalId
      lastName: family_name
      firstName: givenName
      birth: born
      state: { at: status, as: code, codes: { ALIVE: LIVING, DECEASED: DEAD, UNKNOWN_TO_US: null } }
      balance: { as: decimal }
      street: { at: [address, line1] }
      address: { type: Address }
      companies: { operation: companies, type: Company }
  Address: { fields: { postCode: postCode } }
  Company: { fields: { bin: { as: text }, name: name, share: { as: decimal } } }
`;

describe('a GraphQL service without federation', () => {
  const clock = runningClock();
  let service: PlainService;
  let adapter: Adapter;
  beforeEach(async () => {
    service = await startPlainService();
    adapter = adapterWith(MAPPING);
  });
  afterEach(async () => {
    await adapter.close();
    await service.close();
  });

  const adapterWith = (mapping: string): Adapter =>
    graphql.createAdapter({
      register: 'plain',
      source: graphqlSource.parse(parseYaml(mapping)),
      settings: graphql.anonymousSettings?.parse({ protocol: 'graphql', url: service.url }) ?? expect.fail(),
      maxResponseBytes: 100_000,
      http: createHttpClient(),
      clock,
      random: seededRandom('plain'),
      observer: listeningObserver(),
    });
  const read = async (selection: FetchSelection, keys?: readonly string[], variables = {}): Promise<RegisterAnswer> =>
    adapter.read({
      requestId: 'request-1',
      calls: someCalls(),
      deadline: clock.monotonic() + 5_000,
      groups: [
        {
          prepared: adapter.prepare(selection),
          variables,
          ...(keys && { keys: keys.map((iin) => ({ __typename: 'Citizen', iin })) }),
        },
      ],
    });
  const recordsOf = async (...parameters: Parameters<typeof read>): Promise<unknown> => {
    const { groups } = await read(...parameters);
    expect(groups[0]?.errors).to.deep.equal([]);
    return JSON.parse(JSON.stringify(groups[0]?.records));
  };
  const typed =
    (name: string, type: string): ReturnType<typeof leaf> =>
    (parentType) => ({ ...leaf(name)(parentType), type });
  const EVERYTHING = [
    ...[leaf('iin'), leaf('lastName'), leaf('firstName'), typed('birth', 'LocalDate'), leaf('state')],
    ...[typed('balance', 'Decimal'), leaf('street'), object('address', 'Address', [leaf('postCode')])],
  ];

  it('answers many by their numbers in one query, with no one between them', async () => {
    expect(await recordsOf(entities('Citizen', EVERYTHING), [WHOLE, NO_ONE, BARE])).to.deep.equal([
      {
        ...{ iin: WHOLE, lastName: 'Тестов', firstName: 'Проба', birth: '2001-02-03', state: 'LIVING' },
        ...{ balance: '12345678.25', street: 'ул. Пробная, 1', address: { postCode: '010000' } },
      },
      null,
      {
        ...{ iin: BARE, lastName: null, firstName: null, birth: null, state: null },
        ...{ balance: null, street: null, address: null },
      },
    ]);
    expect(service.asked).to.have.length(1);
  });

  it('is asked for what is selected only, down to the fields of objects', async () => {
    await recordsOf(entities('Citizen', [object('address', 'Address', [leaf('postCode')])]), [WHOLE]);
    expect(service.asked.map(({ query, variables }) => [query.replace(/\s+/g, ' '), variables])).to.deep.equal([
      [
        'query ($ids: [String!]!) { persons(nationalIds: $ids) { __typename address { postCode } nationalId } }',
        { ids: [WHOLE] },
      ],
    ]);
    expect(beyondOf(await read(entities('Citizen', [leaf('lastName')]), [WHOLE]))).to.deep.equal([]);
  });

  it('answers one person out of a union, and says by its type that there is none', async () => {
    const one = root('citizen', 'iin', 'number', 'Citizen', [leaf('iin'), leaf('lastName')]);
    expect(await recordsOf(one, undefined, { number: WHOLE })).to.deep.equal([
      { citizen: { iin: WHOLE, lastName: 'Тестов' } },
    ]);
    expect(await recordsOf(one, undefined, { number: NO_ONE })).to.deep.equal([{ citizen: null }]);
  });

  it('reads a connection to its end, for each person', async () => {
    const companies = list('companies', 'Company', [leaf('bin'), typed('share', 'Decimal')]);
    const [record] = (await recordsOf(entities('Citizen', [companies]), [WHOLE])) as [{ companies: unknown[] }];
    expect(record.companies).to.have.length(45);
    expect(record.companies.at(-1)).to.deep.equal({ bin: '144', share: '0.5' });
    expect(service.asked.map(({ variables }) => variables['after'])).to.deep.equal([undefined, '19', '39']);
  });

  it('fails as a whole with an error that leads to no value inside a record, and tells nothing of it', async () => {
    const data = `{"persons":[{"nationalId":"${WHOLE}","family_name":"x"}]}`;
    const errors = [
      {},
      ...[['persons'], ['persons', 0], ['other', 0, 'family_name'], ['persons', 'x', 'family_name'], [], 'persons'].map(
        (path) => ({ path }),
      ),
      ...[
        ['persons', 7, 'family_name'],
        ['persons', -1, 'family_name'],
        ['persons', 0, '__proto__'],
      ].map((path) => ({
        path,
      })),
    ];
    const bodies = [
      '{"errors":[{"message":"secret"}],"data":null}',
      '{"errors":[{"message":"secret","path":["persons",0,"family_name"]}],"data":null}',
      '{"errors":[{"message":"secret","path":["persons",0,"family_name"]}],"data":{"persons":[null]}}',
      '{"errors":"secret","data":{"persons":[null]}}',
      ...errors.map((error) => `{"errors":[${JSON.stringify({ message: 'secret', ...error })}],"data":${data}}`),
      `{"errors":[{"message":"secret","path":["persons",0,"family_name"]},{"message":"x"}],"data":${data}}`,
    ];
    for (const body of bodies) {
      service.instead = () => body;
      const failure = await rejection(read(entities('Citizen', [leaf('lastName')]), [WHOLE]));
      expect(failure, body).to.include({ reason: 'graphql_errors' });
      expect(JSON.stringify(failure)).to.not.include('secret');
    }
  });

  it('loses a value with an error alone, with the reason', async () => {
    const answered = async (errors: readonly object[], person: object): Promise<object | undefined> => {
      service.instead = () => JSON.stringify({ errors, data: { persons: [{ nationalId: WHOLE, ...person }] } });
      const address = object('address', 'Address', [leaf('postCode')]);
      const { groups } = await read(entities('Citizen', [leaf('lastName'), leaf('street'), address]), [WHOLE]);
      const [group] = groups;
      expect(JSON.stringify(group)).to.not.include('secret');
      return group && { record: JSON.parse(JSON.stringify(group.records[0])) as unknown, errors: group.errors };
    };
    const error = (...path: readonly (string | number)[]): object => ({
      message: 'secret',
      path: ['persons', 0, ...path],
    });
    const told = (...path: readonly string[]): object => ({ path: [0, ...path], reason: 'graphql_errors' });
    const whole = { family_name: 'x', address: { line1: 'y', postCode: 'z' } };
    const address = { postCode: 'z' };
    expect(await answered([error('family_name')], { ...whole, family_name: null })).to.deep.equal({
      record: { lastName: null, street: 'y', address },
      errors: [told('lastName')],
    });
    // A value beside its error is not trusted, nor is what stands for an object that has one.
    expect(await answered([error('family_name')], whole)).to.deep.equal({
      record: { lastName: null, street: 'y', address },
      errors: [told('lastName')],
    });
    // `line1` may not be null in the service: the object around it is.
    expect(await answered([error('address', 'line1')], { ...whole, address: null })).to.deep.equal({
      record: { lastName: 'x', street: null, address: null },
      errors: [told('street'), told('address')],
    });
    expect(await answered([error('address', 'line1')], { ...whole, address: { postCode: 'z' } })).to.deep.equal({
      record: { lastName: 'x', street: null, address },
      errors: [told('street')],
    });
    // What was not asked for is not missed.
    expect(await answered([error('balance')], whole))
      .to.have.property('errors')
      .that.deep.equals([]);
    // Without its key it is not known whose record it is.
    expect(await rejection(answered([error('nationalId')], whole))).to.be.instanceOf(Error);
  });

  it('loses a value of an item of a list alone, with the reason', async () => {
    const errors = [{ message: 'secret', path: ['companiesOf', 'edges', 1, 'node', 'name'] }];
    const edges = ['a', null].map((name) => ({ node: { bin: 1, name } }));
    const pageInfo = { hasNextPage: false, endCursor: null };
    const companies = entities('Citizen', [list('companies', 'Company', [leaf('name')])]);
    service.instead = () => JSON.stringify({ errors, data: { companiesOf: { edges, pageInfo } } });
    const { groups } = await read(companies, [WHOLE]);
    expect(JSON.parse(JSON.stringify(groups[0]?.records))).to.deep.equal([
      { companies: [{ name: 'a' }, { name: null }] },
    ]);
    expect(groups[0]?.errors).to.deep.equal([{ path: [0, 'companies', 1, 'name'], reason: 'graphql_errors' }]);
    const more = [{ message: 'secret', path: ['companiesOf', 'pageInfo', 'hasNextPage'] }];
    service.instead = () => JSON.stringify({ errors: more, data: { companiesOf: { edges, pageInfo } } });
    expect(await rejection(read(companies, [WHOLE]))).to.include({ reason: 'graphql_errors' });
  });

  it('takes no person that was not asked for, and none twice', async () => {
    const answer = (...ids: readonly string[]) =>
      JSON.stringify({ data: { persons: ids.map((nationalId) => ({ nationalId })) } });
    const reasonOf = async (body: string): Promise<unknown> => {
      service.instead = () => body;
      return ((await rejection(read(entities('Citizen', [leaf('lastName')]), [WHOLE, BARE]))) as { reason: string })
        .reason;
    };
    expect(await reasonOf(answer(WHOLE, NO_ONE))).to.equal('other_subject');
    expect(await reasonOf(answer(WHOLE))).to.equal('batch_count');
    expect(await reasonOf('{"data":{}}')).to.equal('envelope_missing');
    expect(await reasonOf('{"data":{"persons":{}}}')).to.equal('not_a_list');
    expect(await reasonOf('[]')).to.equal('envelope_missing');
  });

  it('fails where a connection says that there is more and does not say where, or never ends', async () => {
    const page = (pageInfo: object) => JSON.stringify({ data: { companiesOf: { edges: [], pageInfo } } });
    const companies = entities('Citizen', [list('companies', 'Company', [leaf('name')])]);
    for (const body of [page({ hasNextPage: true, endCursor: null }), page({ hasNextPage: true, endCursor: 'x' })]) {
      service.instead = () => body;
      expect(await rejection(read(companies, [WHOLE]))).to.include({ reason: 'page_limit' });
    }
  });

  it('sends any value as a variable only', async () => {
    service.instead = () => '{"data":{"persons":[null]}}';
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (key) => {
        await read(entities('Citizen', [leaf('lastName')]), [key]);
        expect(service.asked.at(-1)?.variables).to.deep.equal({ ids: [key] });
      }),
      { numRuns: 50 },
    );
    expect(new Set(service.asked.map(({ query }) => query)).size).to.equal(1);
  });
});

describe('source.yaml of a GraphQL service', () => {
  const faultsOf = (mapping: string): string => {
    const read = graphqlSource.safeParse(parseYaml(mapping));
    return read.success ? '' : read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n');
  };

  it('needs no mapping if the service is federated', () => {
    expect(faultsOf('protocol: graphql')).to.equal('');
    expect(faultsOf(MAPPING)).to.equal('');
  });

  for (const [what, change, fault] of [
    [
      'a mutation',
      (text: string) => text.replace("'query ($id", "'mutation ($id"),
      'operations.person.document is a mutation',
    ],
    [
      'what is no GraphQL',
      (text: string) => text.replace('$id) {', '$id) '),
      'operations.person.document is no GraphQL',
    ],
    [
      'a variable that the query lacks',
      (text: string) => text.replace('{ id:', '{ ident:'),
      'operations.person.variables.ident is no variable',
    ],
    [
      'an operation that is not there',
      (text: string) => text.replace('read: person', 'read: other'),
      'types.Citizen.read names the operation other',
    ],
    ['no operations', (text: string) => text.replace(/operations:\n(?: {2}.*\n)+/, ''), 'operations is missing'],
  ] as const)
    it(`is refused with ${what}`, () => expect(faultsOf(change(MAPPING))).to.include(fault));
});
