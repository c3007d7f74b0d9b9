import type { Random } from '../schemas/ports/random.js';
import type { OpenRegisterConfig } from './config.js';
import { configuredAdapters, type ConfiguredAdaptersOptions, type ConfiguredRegister } from './configured-adapters.js';
import { createGraphqlAdapter } from './graphql/graphql-adapter.js';
import { createJsonClient, createPooledJsonClient } from './http/post-json.js';
import type { Adapter } from './port.js';
import { createRestAdapter } from './rest/rest-adapter.js';
import { createXroadAdapter } from './xroad/xroad-adapter.js';

export interface OpenAdaptersOptions extends ConfiguredAdaptersOptions<OpenRegisterConfig> {
  readonly maxResponseBytes: number;
  readonly random: Random;
}

/** An adapter for every register, by name, to which the gateway proves nothing of itself. Throws as `configuredAdapters` does; connects to nothing. */
export function createOpenAdapters(options: OpenAdaptersOptions): ReadonlyMap<string, Adapter> {
  return configuredAdapters(options, (configured) => openAdapter(configured, options));
}

function openAdapter(
  { register, source, settings }: ConfiguredRegister<OpenRegisterConfig>,
  { clock, random, observer, maxResponseBytes }: OpenAdaptersOptions,
): Adapter | undefined {
  const { url, max_in_flight: maxSockets } = settings;
  const options = { register, headers: {}, clock, maxSockets, maxResponseBytes };
  if (source.protocol === 'rest' && settings.protocol === 'rest')
    return createRestAdapter({ register, source, url, client: createPooledJsonClient(options) });
  if (source.protocol === 'graphql' && settings.protocol === 'graphql')
    return createGraphqlAdapter({ register, url, client: createPooledJsonClient(options) });
  if (source.protocol === 'xroad' && settings.protocol === 'xroad')
    return createXroadAdapter({
      register,
      source,
      url,
      client: settings.client,
      json: createJsonClient(options),
      random,
      observer,
    });
  return undefined;
}
