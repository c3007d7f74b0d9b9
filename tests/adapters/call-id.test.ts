import { expect } from 'chai';
import { createGraphqlAdapter } from '../../adapters/graphql/graphql-adapter.js';
import type { JsonClient } from '../../adapters/http/post-json.js';
import type { Adapter } from '../../adapters/port.js';
import { createRestAdapter } from '../../adapters/rest/rest-adapter.js';
import { createRestClient } from '../../adapters/rest/rest-client.js';
import { createXroadAdapter } from '../../adapters/xroad/xroad-adapter.js';
import { AccessRecord } from '../../gateway/access/access-record.js';
import { listeningObserver, seededRandom } from '../doubles.js';
import { registersOf } from '../recorded-calls.js';
import { runningClock } from '../doubles.js';
import { jsonClientOf, type AnswerJson } from '../json-client.js';
import { PEOPLE_SOURCE } from './rest/people-register.js';
import { citizens, entities, leaf } from './selections.js';
import { SOURCE as BUSINESS_SOURCE } from './xroad/business.js';

const clock = runningClock();
const URL_ = 'http://127.0.0.1:9';
const IIN = '880514391012';

/** How each protocol over HTTP is told whether calls carry their ids, and in which header they do. */
const PROTOCOLS: Readonly<
  Record<string, { readonly header: string; readonly open: (json: JsonClient, carries: boolean) => Adapter }>
> = {
  REST: {
    header: 'Tereze-Call',
    open: (json, carries) =>
      createRestAdapter({
        register: 'people',
        source: PEOPLE_SOURCE,
        url: URL_,
        client: createRestClient(json, carries),
        clock,
      }),
  },
  GraphQL: {
    header: 'Tereze-Call',
    open: (client, carriesCallId) => createGraphqlAdapter({ register: 'people', url: URL_, client, carriesCallId }),
  },
  'X-Road': {
    header: 'X-Road-Id',
    open: (json, carries) =>
      createXroadAdapter({
        register: 'people',
        source: { ...BUSINESS_SOURCE, ...(carries ? {} : { call_id: 'none' as const }) },
        url: URL_,
        client: 'KZ/GOV/1/tereze',
        json,
        clock,
        random: seededRandom(),
        observer: listeningObserver(),
      }),
  },
};

describe('the id of a call', () => {
  for (const [protocol, { header, open }] of Object.entries(PROTOCOLS)) {
    for (const carries of [true, false]) {
      it(`${carries ? 'is' : 'is not'} in ${header} of ${protocol}, as the mapping says`, async () => {
        const sent: Parameters<AnswerJson>[0][] = [];
        const json = jsonClientOf(async (call) => {
          sent.push(call);
          call.message.recordSent();
          return { status: 200, body: {} };
        });
        const adapter = open(json, carries);
        const record = new AccessRecord('request-1');
        await adapter
          .read({
            requestId: 'request-1',
            calls: record.beginRead('people', 0, { all: [] }),
            groups: [
              { prepared: adapter.prepare(entities('Citizen', [leaf('iin')])), variables: {}, keys: citizens(IIN) },
            ],
            deadline: 1_000,
          })
          .catch(() => undefined);
        expect(sent).to.have.length(1);
        const value = sent[0]?.headers?.[header];
        if (carries) expect(value).to.equal('request-1-1');
        else expect(value ?? '').to.not.include('request-1');
        expect(registersOf(record)[0]).to.deep.include({ calls: 1, callIds: carries ? ['request-1-1'] : [] });
      });
    }
  }
});
