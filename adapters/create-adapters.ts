import { readFileSync } from 'node:fs';
import type { Random } from '../schemas/ports/random.js';
import type { RegisterConfig } from './config.js';
import { configuredAdapters, type ConfiguredAdaptersOptions, type ConfiguredRegister } from './configured-adapters.js';
import { createGraphqlAdapter } from './graphql/graphql-adapter.js';
import { createJsonClient, createPooledJsonClient } from './http/post-json.js';
import type { Adapter } from './port.js';
import { createRestAdapter } from './rest/rest-adapter.js';
import { configuredSoapAdapter } from './soap/protocol.js';
import { createSqlAdapter } from './sql/sql-adapter.js';
import { createSqlReader } from './sql/sql-reader.js';
import { createXroadAdapter } from './xroad/xroad-adapter.js';

export interface AdaptersOptions extends ConfiguredAdaptersOptions<RegisterConfig> {
  readonly random: Random;
}

const MAX_RESPONSE_BYTES = 5_000_000;

/**
 * An adapter for every register of the configuration, by name. Throws as `configuredAdapters` does,
 * and for a secret that is missing or empty; connects to nothing.
 */
export function createAdapters(options: AdaptersOptions): ReadonlyMap<string, Adapter> {
  return configuredAdapters(options, (configured) => createAdapter(configured, options));
}

function createAdapter(
  { register, source, settings }: ConfiguredRegister<RegisterConfig>,
  { clock, random, observer }: AdaptersOptions,
): Adapter | undefined {
  const client = { register, clock, maxSockets: settings.max_in_flight, maxResponseBytes: MAX_RESPONSE_BYTES };
  if (source.protocol === 'rest' && settings.protocol === 'rest') {
    return createRestAdapter({
      register,
      source,
      url: settings.url,
      client: createPooledJsonClient({
        ...client,
        headers: { [source.api_key_header]: readSecret(settings.api_key_file) },
      }),
    });
  }
  if (source.protocol === 'graphql' && settings.protocol === 'graphql') {
    return createGraphqlAdapter({
      register,
      url: settings.url,
      client: createPooledJsonClient({
        ...client,
        headers: { Authorization: `Bearer ${readSecret(settings.token_file)}` },
      }),
    });
  }
  if (source.protocol === 'sql' && settings.protocol === 'sql') {
    const {
      host,
      port,
      database,
      user,
      password_file: passwordFile,
      tls_ca_file: caFile,
      max_in_flight: maxConnections,
      timeout_ms: timeoutMs,
    } = settings;
    const tlsCa = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
    return createSqlAdapter({
      register,
      source,
      reader: createSqlReader({
        register,
        host,
        port,
        database,
        user,
        password: readSecret(passwordFile),
        tlsCa,
        maxConnections,
        maxResponseBytes: MAX_RESPONSE_BYTES,
        timeoutMs,
        clock,
      }),
    });
  }
  if (source.protocol === 'soap' && settings.protocol === 'soap') {
    return configuredSoapAdapter({
      register,
      source,
      settings,
      password: readSecret(settings.password_file),
      clock,
      random,
    });
  }
  if (source.protocol === 'xroad' && settings.protocol === 'xroad') {
    const { url, client: ourselves, tls_ca_file: caFile } = settings;
    const json = createJsonClient({
      ...client,
      headers: {},
      tlsCa: caFile === undefined ? undefined : readFileSync(caFile, 'utf8'),
    });
    return createXroadAdapter({ register, source, url, client: ourselves, json, random, observer });
  }
  return undefined;
}

/** Printable ASCII, as headers and passwords take it; the message never holds any of it. */
function readSecret(file: string): string {
  const secret = readFileSync(file, 'utf8').trim();
  if (!/^[\x20-\x7e]+$/.test(secret))
    throw new Error(`${file} is empty, or holds more than one line of printable ASCII`);
  return secret;
}
