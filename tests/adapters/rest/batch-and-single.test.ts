import { expect } from 'chai';
import fc from 'fast-check';
import { createJsonClient } from '../../../adapters/http/post-json.js';
import type { Adapter, GroupAnswer } from '../../../adapters/port.js';
import { createRestAdapter } from '../../../adapters/rest/rest-adapter.js';
import { generateCountry } from '../../../demo/country/country.js';
import { FAMILIES, membersOf, UNKNOWN_NUMBER } from '../../../demo/country/people.js';
import { served, type Served } from '../../demo/registers/served.js';
import { runningClock } from '../../doubles.js';
import { citizens, entities, leaf, list, object, root } from '../selections.js';
import { inBatchesOf, PEOPLE_SOURCE, peopleRegister } from './people-register.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { someCalls } from '../../recorded-calls.js';
import { createRestClient } from '../../../adapters/rest/rest-client.js';

const KEY = 'the key';
/** Smaller than the lists asked for, so that one read takes several batches. */
const BATCH = 3;
const FIELDS = [
  leaf('iin'),
  leaf('lastName', 'surname'),
  list('documents', 'IdentityDocument', [leaf('number')]),
  object('spouse', 'Citizen', [leaf('iin')]),
  list('children', 'Citizen', [leaf('iin')]),
];

describe('a REST register’s batch', () => {
  const clock = runningClock();
  const source = PEOPLE_SOURCE;
  let register: Served;
  let adapter: Adapter;

  before(async () => {
    register = await served((meter) => peopleRegister(generateCountry().persons, KEY, meter));
    const client = createJsonClient({
      register: 'people',
      headers: { [source.api_key_header ?? '']: KEY },
      clock,
      connections: createHttpClient().open({ maxConnections: 8 }),
      maxResponseBytes: 1_000_000,
    });
    adapter = createRestAdapter({
      register: 'people',
      source: inBatchesOf(source, BATCH),
      url: register.url,
      client: createRestClient(client, true),
      clock,
    });
  });
  beforeEach(() => {
    register.meter.reset();
  });
  after(async () => {
    await adapter.close();
    await register.listener.close();
  });

  const within = () => ({ requestId: 'request-1', calls: someCalls(), deadline: clock.monotonic() + 5_000 });
  const many = async (iins: readonly string[]): Promise<GroupAnswer['records']> => {
    const { groups } = await adapter.read({
      ...within(),
      groups: [{ prepared: adapter.prepare(entities('Citizen', FIELDS)), variables: {}, keys: citizens(...iins) }],
    });
    return groups[0]?.records ?? [];
  };
  const one = async (iin: string): Promise<unknown> => {
    const { groups } = await adapter.read({
      ...within(),
      groups: [{ prepared: adapter.prepare(root('citizen', 'iin', 'iin', 'Citizen', FIELDS)), variables: { iin } }],
    });
    return groups[0]?.records[0]?.['citizen'];
  };

  it('answers any list of persons, repeated or unknown, as single reads answer each of them', async () => {
    const people = [UNKNOWN_NUMBER, ...FAMILIES.flatMap(membersOf).map(({ iin }) => iin)];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...people), { maxLength: 10 }), async (iins) => {
        register.meter.reset();
        const batched = await many(iins);
        expect(register.meter.stats().byOperation['batch'] ?? 0).to.equal(Math.ceil(new Set(iins).size / BATCH));
        expect(batched).to.deep.equal(await Promise.all(iins.map(one)));
      }),
      { numRuns: 60, seed: 20260302 },
    );
  });
});
