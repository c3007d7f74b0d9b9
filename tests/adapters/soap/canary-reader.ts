import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeHeapSnapshot } from 'node:v8';
import { registersConfig } from '../../../adapters/config.js';
import { openAdapters } from '../../../adapters/open-adapters.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { runningClock, seededRandom, silentObserver } from '../../doubles.js';
import { citizens, entities, leaf } from '../selections.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { someCalls } from '../../recorded-calls.js';

/** A process of its own that asks the register about one person, keeps the answer, and writes what it then holds: `canary-reader DIRECTORY URL IIN`. */
const [directory = '', url = '', iin = ''] = process.argv.slice(2);
const clock = runningClock();
const config = registersConfig.parse({
  population: {
    protocol: 'soap',
    url,
    sender_id: 'tereze-demo',
    password_file: join(directory, 'password'),
    key_file: join(directory, 'gateway.pem'),
    register_key_file: join(directory, 'register.pem'),
  },
});
const adapter = openAdapters({
  directory: join(packageRoot(), 'schemas', 'registers'),
  registers: [],
  config,
  http: createHttpClient(),
  clock,
  random: seededRandom(),
  observer: silentObserver(),
}).byRegister.get('population');
const prepared = adapter?.prepare(entities('Citizen', [leaf('lastName'), leaf('recordUpdatedAt')])) ?? { register: '' };
const answer = await adapter?.read({
  requestId: 'request-1',
  calls: someCalls(),
  groups: [{ prepared, variables: {}, keys: citizens(iin) }],
  deadline: clock.monotonic() + 10_000,
});
// What is still being done with the reply is on the stack until the next turn, and a function that V8 is optimising
// meanwhile holds what it last saw.
await sleep(400);
writeHeapSnapshot(join(directory, 'heap.json'));
process.send?.(answer);
await adapter?.close();
process.disconnect();
