import { expect } from 'chai';
import { createJsonClient } from '../../adapters/http/post-json.js';
import { createGraphqlAdapter } from '../../adapters/graphql/graphql-adapter.js';
import type { RestSource } from '../../adapters/rest/source.js';
import { createRestAdapter } from '../../adapters/rest/rest-adapter.js';
import { runningClock } from '../doubles.js';
import { configJsonSchema, describedAt } from '../../gateway/config/json-schema.js';
import { describeHttpAdapter, NOT_OVER_HTTP } from '../ports/http-adapter.js';
import { inBatchesOf, PEOPLE_SOURCE } from './rest/people-register.js';
import { entities, leaf } from './selections.js';
import { adapterTo as soapAdapterTo, PASSWORD, ONE_BY_ONE as SOAP_ONE_BY_ONE } from './soap/population.js';
import { adapterTo as xroadAdapterTo, SOURCE as XROAD_SOURCE } from './xroad/business.js';
import { createHttpClient } from '../../gateway/compose/http-client.js';
import { createRestClient } from '../../adapters/rest/rest-client.js';

const SECRET = 'the-secret-of-the-gateway';
const clock = runningClock();
const client = (register: string, headers: Readonly<Record<string, string>>) =>
  createJsonClient({
    register,
    headers,
    clock,
    connections: createHttpClient().open({ maxConnections: 4 }),
    maxResponseBytes: 1_000_000,
  });
const number = entities('Citizen', [leaf('iin')]);

const restAdapterTo = (url: string, source: RestSource = PEOPLE_SOURCE) =>
  createRestAdapter({
    register: 'people',
    source,
    url,
    client: createRestClient(client('people', { 'X-Api-Key': SECRET }), true),
    clock,
  });

describeHttpAdapter(
  'the REST adapter',
  {
    type: 'application/json',
    selection: number,
    secrets: [SECRET],
    oneByOne: (url) => restAdapterTo(url, inBatchesOf(PEOPLE_SOURCE, 1)),
  },
  (url) => restAdapterTo(url),
);

// One request carries all people.

describeHttpAdapter('the GraphQL adapter', { type: 'application/json', selection: number, secrets: [SECRET] }, (url) =>
  createGraphqlAdapter({
    register: 'address',
    url,
    client: client('address', { Authorization: `Bearer ${SECRET}` }),
    carriesCallId: true,
  }),
);

describeHttpAdapter(
  'the SOAP adapter',
  {
    type: 'text/xml',
    selection: entities('Citizen', [leaf('lastName')]),
    secrets: [PASSWORD],
    oneByOne: (url) => soapAdapterTo(url, { source: SOAP_ONE_BY_ONE }),
  },
  (url) => soapAdapterTo(url),
);

// What is not proven to answer the request is refused by its head already.
describeHttpAdapter(
  'the X-Road adapter',
  {
    type: 'application/json',
    selection: number,
    secrets: ['000740000728'],
    earlier: { 'one byte at a time': 'malformed', 'half an answer': 'malformed' },
    oneByOne: (url) => xroadAdapterTo(url, { source: inBatchesOf(XROAD_SOURCE, 1) }),
  },
  (url) => xroadAdapterTo(url),
);

describe('the suite of HTTP adapters', () => {
  it('is run for every protocol that a configuration can name, or says why not', () => {
    const forms = (
      describedAt(configJsonSchema(), ['registers'], {})?.additionalProperties as {
        oneOf: readonly { properties: { protocol: { const: string } } }[];
      }
    ).oneOf;
    const protocols = forms.map(({ properties }) => properties.protocol.const);
    expect([...protocols].sort()).to.deep.equal(
      ['rest', 'graphql', 'soap', 'xroad', ...Object.keys(NOT_OVER_HTTP)].sort(),
    );
  });
});
