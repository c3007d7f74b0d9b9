import { join } from 'node:path';
import type { Clock } from '../schemas/ports/clock.js';
import type { Observer } from '../schemas/ports/observer.js';
import type { Random } from '../schemas/ports/random.js';
import type { OpenRegisterConfig, OpenRegistersConfig } from './config.js';
import { RegisterNotReached } from './create-adapters.js';
import { createGraphqlAdapter } from './graphql/graphql-adapter.js';
import { createJsonClient, createPooledJsonClient } from './http/post-json.js';
import type { Adapter } from './port.js';
import { resilienceOf } from './resilience/configured.js';
import { resilient } from './resilience/resilient.js';
import { createRestAdapter } from './rest/rest-adapter.js';
import { readSource, SourceInvalid } from './source/source-file.js';
import { createXroadAdapter } from './xroad/xroad-adapter.js';

export interface OpenAdaptersOptions {
  /** Folder with `<register>/source.yaml`. */
  readonly directory: string;
  /** Names of the registers that the catalogue is made of: each must be reached. */
  readonly registers: readonly string[];
  readonly config: OpenRegistersConfig;
  readonly maxResponseBytes: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}

/** An adapter for every register, by name, to which the gateway proves nothing of itself. Throws as `createAdapters` does; connects to nothing. */
export function createOpenAdapters(options: OpenAdaptersOptions): ReadonlyMap<string, Adapter> {
  const { config, registers, clock, observer } = options;
  const unreached = registers.filter((register) => !Object.hasOwn(config, register));
  if (unreached.length > 0) throw new RegisterNotReached(unreached);
  return new Map(Object.entries(config).map(([register, settings]) => [register, resilient(openAdapter(register, settings, options), { ...resilienceOf(settings), clock, observer })]));
}

function openAdapter(register: string, settings: OpenRegisterConfig, { directory, clock, random, observer, maxResponseBytes }: OpenAdaptersOptions): Adapter {
  const file = join(directory, register, 'source.yaml');
  const source = readSource(file);
  const { url, max_in_flight: maxSockets } = settings;
  const options = { register, headers: {}, clock, maxSockets, maxResponseBytes };
  if (source.protocol === 'rest' && settings.protocol === 'rest') return createRestAdapter({ register, source, url, client: createPooledJsonClient(options) });
  if (source.protocol === 'graphql' && settings.protocol === 'graphql') return createGraphqlAdapter({ register, url, client: createPooledJsonClient(options) });
  if (source.protocol === 'xroad' && settings.protocol === 'xroad') return createXroadAdapter({ register, source, url, client: settings.client, json: createJsonClient(options), random, observer });
  throw new SourceInvalid(file, `is of protocol ${source.protocol}, but the configuration says ${settings.protocol} for this register`);
}
