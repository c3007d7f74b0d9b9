import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../schemas/ports/clock.js';
import type { Observer } from '../schemas/ports/observer.js';
import type { Random } from '../schemas/ports/random.js';
import type { RegisterConfig, RegistersConfig } from './config.js';
import { createGraphqlAdapter } from './graphql/graphql-adapter.js';
import { createJsonClient, createPooledJsonClient } from './http/post-json.js';
import type { Adapter } from './port.js';
import { resilienceOf } from './resilience/configured.js';
import { resilient } from './resilience/resilient.js';
import { createRestAdapter } from './rest/rest-adapter.js';
import { configuredSoapAdapter } from './soap/configured.js';
import { readSource, SourceInvalid, type Source } from './source/source-file.js';
import { createSqlAdapter } from './sql/sql-adapter.js';
import { createSqlReader } from './sql/sql-reader.js';
import { createXroadAdapter } from './xroad/xroad-adapter.js';

export interface AdaptersOptions {
  /** Folder with `<register>/source.yaml`. */
  readonly directory: string;
  /** Names of the registers that the catalogue is made of: each must be reached. */
  readonly registers: readonly string[];
  readonly config: RegistersConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}

const MAX_RESPONSE_BYTES = 5_000_000;

/** Registers of the catalogue that the configuration does not say how to reach. */
export class RegisterNotReached extends Error {
  constructor(registers: readonly string[]) {
    super(`the configuration does not say how to reach ${registers.join(', ')}: write a part of \`registers\` for each`);
    this.name = 'RegisterNotReached';
  }
}

/**
 * An adapter for every register of the configuration, by name, each with its resilience around it.
 * Throws {@link RegisterNotReached}, for a mapping that cannot be used, and for a secret that is missing or empty; connects to nothing.
 */
export function createAdapters(options: AdaptersOptions): ReadonlyMap<string, Adapter> {
  const { directory, registers, config, clock, random, observer } = options;
  const unreached = registers.filter((register) => !Object.hasOwn(config, register));
  if (unreached.length > 0) throw new RegisterNotReached(unreached);
  return new Map(
    Object.entries(config).map(([register, settings]) => {
      const file = join(directory, register, 'source.yaml');
      const adapter = createAdapter(register, { source: readSource(file), file, settings, clock, random, observer });
      return [register, resilient(adapter, { ...resilienceOf(settings), clock, observer })];
    }),
  );
}

interface AdapterParts {
  readonly source: Source;
  readonly file: string;
  readonly settings: RegisterConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}

function createAdapter(register: string, { source, file, settings, clock, random, observer }: AdapterParts): Adapter {
  const client = { register, clock, maxSockets: settings.max_in_flight, maxResponseBytes: MAX_RESPONSE_BYTES };
  if (source.protocol === 'rest' && settings.protocol === 'rest') {
    return createRestAdapter({ register, source, url: settings.url, client: createPooledJsonClient({ ...client, headers: { [source.api_key_header]: readSecret(settings.api_key_file) } }) });
  }
  if (source.protocol === 'graphql' && settings.protocol === 'graphql') {
    return createGraphqlAdapter({ register, url: settings.url, client: createPooledJsonClient({ ...client, headers: { Authorization: `Bearer ${readSecret(settings.token_file)}` } }) });
  }
  if (source.protocol === 'sql' && settings.protocol === 'sql') {
    const { host, port, database, user, password_file: passwordFile, tls_ca_file: caFile, max_in_flight: maxConnections, timeout_ms: timeoutMs } = settings;
    const tlsCa = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
    return createSqlAdapter({ register, source, reader: createSqlReader({ register, host, port, database, user, password: readSecret(passwordFile), tlsCa, maxConnections, maxResponseBytes: MAX_RESPONSE_BYTES, timeoutMs, clock }) });
  }
  if (source.protocol === 'soap' && settings.protocol === 'soap') {
    return configuredSoapAdapter({ register, source, settings, password: readSecret(settings.password_file), clock, random });
  }
  if (source.protocol === 'xroad' && settings.protocol === 'xroad') {
    const { url, client: ourselves, tls_ca_file: caFile } = settings;
    const json = createJsonClient({ ...client, headers: {}, tlsCa: caFile === undefined ? undefined : readFileSync(caFile, 'utf8') });
    return createXroadAdapter({ register, source, url, client: ourselves, json, random, observer });
  }
  throw new SourceInvalid(file, `is of protocol ${source.protocol}, but the configuration says ${settings.protocol} for this register`);
}

/** Printable ASCII, as headers and passwords take it; the message never holds any of it. */
function readSecret(file: string): string {
  const secret = readFileSync(file, 'utf8').trim();
  if (!/^[\x20-\x7e]+$/.test(secret)) throw new Error(`${file} is empty, or holds more than one line of printable ASCII`);
  return secret;
}
