import { join } from 'node:path';
import { createGraphqlAdapter } from '../../adapters/graphql/graphql-adapter.js';
import type { JsonClient } from '../../adapters/http/post-json.js';
import { createRestAdapter } from '../../adapters/rest/rest-adapter.js';
import { createSoapAdapter } from '../../adapters/soap/soap-adapter.js';
import { ReplayGuard } from '../../adapters/soap/signing/replay-guard.js';
import { createSigner } from '../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../adapters/soap/signing/verifier.js';
import { readSource } from '../../adapters/source-file.js';
import type { SqlSource } from '../../adapters/sql/source.js';
import { createSqlAdapter } from '../../adapters/sql/sql-adapter.js';
import { createXroadAdapter } from '../../adapters/xroad/xroad-adapter.js';
import { BUSINESS_CLIENT } from '../../demo/registers/business/register.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER } from '../../demo/country/people.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { listeningObserver, seededRandom } from '../doubles.js';
import { describeRecordKeeping } from '../ports/record-keeping.js';
import { jsonClientOf } from '../json-client.js';
import { PEOPLE_SOURCE } from './rest/people-register.js';
import { entities, leaf, list } from './selections.js';
import { answerAbout } from './soap/answer-about.js';
import { clock, GATEWAY_KEYS, PASSWORD, REGISTER_KEYS, SOURCE as POPULATION_SOURCE } from './soap/population.js';
import { SOURCE as BUSINESS_SOURCE } from './xroad/business.js';
import { createRestClient } from '../../adapters/rest/rest-client.js';

const people = { a: HOUSING_FAMILY.husband.iin, b: HOUSING_FAMILY.wife.iin, c: UNKNOWN_NUMBER };
const URL_ = 'http://127.0.0.1:9';
const answers = (body: unknown): JsonClient => jsonClientOf(async () => ({ status: 200, body }));
const byNumber = { selection: entities('Citizen', [leaf('iin')]), people, recordOf: (iin: string) => ({ iin }) };
const records = (iins: readonly string[]) => iins.map((iin) => ({ iin }));

describeRecordKeeping('the REST adapter', {
  ...byNumber,
  answering: (iins) =>
    createRestAdapter({
      register: 'people',
      source: PEOPLE_SOURCE,
      url: URL_,
      client: createRestClient(answers({ items: records(iins) }), true),
      clock,
    }),
});

describeRecordKeeping('the X-Road adapter', {
  ...byNumber,
  answering: (iins) =>
    createXroadAdapter({
      register: 'business',
      source: BUSINESS_SOURCE,
      url: URL_,
      client: BUSINESS_CLIENT.join('/'),
      random: seededRandom(),
      observer: listeningObserver(),
      json: answers({ items: records(iins) }),
      clock,
    }),
});

describeRecordKeeping('the GraphQL adapter', {
  ...byNumber,
  answering: (iins) =>
    createGraphqlAdapter({
      register: 'address',
      url: URL_,
      client: answers({ data: { _e0: records(iins) } }),
      carriesCallId: true,
    }),
});

const SAYS_WHOSE = 'each record says whose it is';

describeRecordKeeping('the SOAP adapter', {
  ...byNumber,
  answering: (iins) => {
    const signer = createSigner({ key: REGISTER_KEYS.privateKey, clock });
    return createSoapAdapter({
      register: 'population',
      source: POPULATION_SOURCE,
      client: {
        send: async ({ text }) => ({ status: 200, xml: await signer.sign(answerAbout(text, iins)) }),
        close: () => undefined,
      },
      sender: { id: 'gateway', password: PASSWORD },
      security: {
        signer: createSigner({ key: GATEWAY_KEYS.privateKey, clock }),
        verifier: createVerifier({ trust: REGISTER_KEYS.publicKey, clock }),
        replay: new ReplayGuard(10),
      },
      clock,
      random: seededRandom(),
    });
  },
  differs: {
    'another order': { outcome: 'sorted out', because: SAYS_WHOSE },
    'a record too many': { outcome: 'sorted out', because: 'the register is known to return more than was asked' },
  },
});

const PROPERTY_SOURCE = readSource(join(packageRoot(), 'schemas', 'registers', 'property', 'source.yaml')) as SqlSource;

describeRecordKeeping('the SQL adapter', {
  people,
  selection: entities('Citizen', [leaf('iin'), list('lands', 'Land', [leaf('cadastralNumber')])]),
  answering: (iins) =>
    createSqlAdapter({
      register: 'property',
      source: PROPERTY_SOURCE,
      reader: {
        query: async () => iins.map((iin) => ({ _owner: iin, kad_no: iin })),
        learnArrays: () => undefined,
        close: async () => undefined,
      },
    }),
  recordOf: (iin, times) => ({ iin, lands: Array.from({ length: times }, () => ({ cadastralNumber: iin })) }),
  absent: (iin) => ({ iin, lands: [] }),
  differs: {
    'another order': { outcome: 'sorted out', because: SAYS_WHOSE },
    'a record twice': { outcome: 'sorted out', because: 'rows are items of a list: two are two' },
    'a record too few': { outcome: 'absent', because: 'who owns nothing has no row' },
    none: { outcome: 'absent', because: 'who owns nothing has no row' },
  },
});
