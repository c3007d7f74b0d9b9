import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { addressesOf, controlsOf, type CountryAddresses } from './addresses.js';
import { writeClientProfiles } from './client-profiles.js';
import { generateCountry, type Country } from './country/country.js';
import { gatewayConfig, officersUrl, publicUrl, type GatewayPlace } from './gateway-config.js';
import { openInstallation, type Installation } from './installation.js';
import { freePort } from './free-port.js';
import { witnessPolicy } from './outside/outside-keys.js';
import { portOf, type PortChoice } from './ports.js';
import type { FaultMode } from './registers/fault.js';
import type { Stats } from './registers/meter.js';
import { POPULATION_SENDER } from './registers/population/register.js';
import { READER } from './registers/property/load.js';
import { writePrivate } from './secrets.js';
import { startServers, type Servers } from './servers.js';
import { SHOWCASE, type ShowcaseCommand } from './showcase.js';

export interface CountryOptions {
  /** Where the country keeps its files; made when missing. */
  readonly directory: string;
  readonly ports: PortChoice;
  /** A loopback address: the demo is for one machine. */
  readonly host?: string;
  readonly gateway?: {
    /** Without it a free one. */
    readonly port?: number;
    /** Without it `state` in the country's directory. */
    readonly stateDirectory?: string;
  };
  /** The resource for which the issuer gives tokens; without it the gateway's `/graphql`. */
  readonly audience?: string;
}

/** What counts its calls and can be told to misbehave. */
export type ServerName = 'population' | 'civil-acts' | 'address' | 'property' | 'tax' | 'business' | 'agencies';

/** A country that is running. */
export interface RunningCountry {
  /** Path of the gateway configuration that it wrote. */
  readonly config: string;
  /** Folder of the registered clients' profiles. */
  readonly clients: string;
  readonly addresses: CountryAddresses;
  readonly showcase: readonly ShowcaseCommand[];
  /** What is in it. */
  readonly country: Country;
  /** How the gateway reaches the registers; secrets included. */
  readonly access: RegisterAccess;
  stats(server: ServerName): Stats;
  /** The different persons that calls of a server asked about since its last reset. */
  people(server: ServerName): readonly string[];
  reset(server: ServerName): void;
  fault(server: ServerName, mode: FaultMode): void;
  /** Holds the next answer of a server back until the returned function is called. */
  holdNext(server: ServerName): () => void;
  /** Ends every server and process of the country. */
  stop(): Promise<void>;
}

export interface RegisterAccess {
  readonly population: {
    readonly url: string;
    readonly senderId: string;
    readonly password: string;
    readonly keyFile: string;
    readonly registerKeyFile: string;
  };
  readonly address: { readonly url: string; readonly token: string };
  readonly property: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly password: string;
  };
  readonly tax: { readonly url: string; readonly apiKey: string };
  readonly agencies: { readonly url: string; readonly tokens: Installation['agencyTokens'] };
}

/**
 * Starts the country and writes the gateway's configuration and the clients' profiles. Rejects with
 * `PortTaken` or `StateFailure` (the directory is in use) when it cannot; then nothing is left running.
 */
export async function startCountry(options: CountryOptions): Promise<RunningCountry> {
  const host = loopback(options.host ?? '127.0.0.1');
  const directory = resolve(options.directory);
  const gateway = await gatewayPlace(options, host, directory);
  const audience = options.audience ?? `${publicUrl(gateway)}/graphql`;
  const country = generateCountry();
  const installation = await openInstallation(directory);
  const clients = join(directory, 'clients');
  const servers = await startServers(country, installation, {
    directory,
    host,
    ports: options.ports,
    audience,
    officers: officersUrl(gateway),
    clients,
  });
  const addresses = addressesOf(servers, host);
  const access = accessOf(servers, installation, addresses, host);
  const config = join(directory, 'tereze.yaml');
  await writePrivate(installation.files.witnessPolicy, witnessPolicy(installation.outsideKeys, addresses.outside));
  const property = { host, port: servers.property.port, database: servers.property.database };
  await writePrivate(
    config,
    gatewayConfig({
      gateway,
      audience,
      organisations: country.organisations,
      urls: addresses,
      property,
      identityRecipient: installation.identityRecipient,
      files: installation.files,
    }),
  );
  await writePrivate(join(directory, 'controls.json'), `${JSON.stringify(controlsOf(servers, host), undefined, 2)}\n`);
  await writeClientProfiles(
    clients,
    { issuer: addresses.issuer, gateway: publicUrl(gateway), audience },
    installation.issuerKeys,
  );
  return { config, clients, addresses, showcase: SHOWCASE, country, access, ...controls(servers) };
}

function loopback(host: string): string {
  if (isIP(host) === 4 && host.startsWith('127.')) return host;
  throw new RangeError('the demo listens on a loopback address only: its keys are for show');
}

async function gatewayPlace(
  { ports, gateway = {} }: CountryOptions,
  host: string,
  directory: string,
): Promise<GatewayPlace> {
  const port = gateway.port ?? (await freePort(host));
  return {
    host,
    port,
    operationsPort: portOf(ports, 'operations'),
    logPort: portOf(ports, 'log'),
    // The issuer names this address before anyone listens there.
    officersPort: ports === 'free' ? await freePort(host) : portOf(ports, 'officers'),
    stateDirectory: resolve(gateway.stateDirectory ?? join(directory, 'state')),
  };
}

function accessOf(
  servers: Servers,
  installation: Installation,
  addresses: CountryAddresses,
  host: string,
): RegisterAccess {
  const { port, database } = servers.property;
  return {
    population: {
      url: `${addresses.population}/shep/sync`,
      senderId: POPULATION_SENDER,
      password: installation.populationPassword,
      keyFile: installation.files.populationKey,
      registerKeyFile: installation.files.populationRegisterKey,
    },
    address: { url: `${addresses.address}/graphql`, token: installation.addressToken },
    property: { host, port, database, user: READER, password: installation.propertyPassword },
    tax: { url: addresses.tax, apiKey: installation.taxKey },
    agencies: { url: addresses.agencies, tokens: installation.agencyTokens },
  };
}

function controls(
  servers: Servers,
): Pick<RunningCountry, 'stats' | 'people' | 'reset' | 'fault' | 'holdNext' | 'stop'> {
  return {
    stats: (server) => servers[server].stats(),
    people: (server) => servers[server].people(),
    reset: (server) => {
      servers[server].reset();
    },
    fault: (server, mode) => {
      servers[server].fault(mode);
    },
    holdNext: (server) => servers[server].holdNext(),
    stop: async () => {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
    },
  };
}
