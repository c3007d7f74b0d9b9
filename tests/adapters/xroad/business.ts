import { join } from 'node:path';
import { createJsonClient } from '../../../adapters/http/post-json.js';
import type { Adapter } from '../../../adapters/port.js';
import { readSource } from '../../../adapters/source-file.js';
import type { HashTolerance } from '../../../adapters/xroad/hash-tolerance.js';
import type { XroadSource } from '../../../adapters/xroad/source.js';
import { createXroadAdapter } from '../../../adapters/xroad/xroad-adapter.js';
import { BUSINESS_CLIENT } from '../../../demo/registers/business/register.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { listeningObserver, runningClock, seededRandom } from '../../doubles.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import type { HttpClient } from '../../../schemas/ports/http-client.js';

export const clock = runningClock();
export const SOURCE = readSource(join(packageRoot(), 'schemas', 'registers', 'business', 'source.yaml')) as XroadSource;

export interface AdapterChoices {
  readonly source?: XroadSource;
  readonly client?: readonly string[];
  readonly maxResponseBytes?: number;
  readonly observer?: ReturnType<typeof listeningObserver>;
  readonly seed?: string;
  readonly http?: HttpClient;
  readonly hashTolerance?: HashTolerance;
}

/** An adapter to the business register behind a security server. */
export function adapterTo(
  url: string,
  {
    source = SOURCE,
    client = BUSINESS_CLIENT,
    maxResponseBytes = 1_000_000,
    observer = listeningObserver(),
    seed = 'xroad',
    http = createHttpClient(),
    hashTolerance,
  }: AdapterChoices = {},
): Adapter {
  const json = createJsonClient({
    register: 'business',
    headers: {},
    clock,
    connections: http.open({ maxConnections: 8 }),
    maxResponseBytes,
  });
  return createXroadAdapter({
    register: 'business',
    source,
    url,
    client: client.join('/'),
    json,
    clock,
    random: seededRandom(seed),
    observer,
    hashTolerance,
  });
}
