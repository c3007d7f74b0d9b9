import { createPrivateKey, createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { agencies } from './agencies/agencies.js';
import type { Country } from './country/country.js';
import { LOG_ORIGIN } from './gateway-config.js';
import type { Installation } from './installation.js';
import { packageRoot } from '../gateway/state/package-root.js';
import { loadDocuments } from '../schemas/operations/load-documents.js';
import { createAsker } from './graphiql/asker.js';
import { introspectionOf } from './graphiql/schema.js';
import { serveGraphiql } from './graphiql/server.js';
import { startIssuer } from './issuer/start-issuer.js';
import { logKeys } from './outside/outside-keys.js';
import { serveOutside } from './outside/outside-server.js';
import { portOf, type PortChoice, type PortName } from './ports.js';
import { businessRegister } from './registers/business/register.js';
import { civilActsRegister } from './registers/civil-acts/register.js';
import { addressRegister } from './registers/address/register.js';
import { serveHttpRegister, type HttpRegister } from './registers/http-register.js';
import { instrument, type InstrumentedServer } from './registers/instrument.js';
import type { Meter } from './registers/meter.js';
import { populationRegister, type PopulationAccess } from './registers/population/register.js';
import { startPropertyDatabase } from './registers/property/database.js';
import { servePropertyProxy } from './registers/property/proxy.js';
import { taxRegister } from './registers/tax/register.js';
import { startTogether, type Stoppable } from './start-together.js';

/** A server that is neither counted nor told to misbehave. */
export interface PlainServer extends Stoppable {
  readonly port: number;
}

export interface PropertyServer extends InstrumentedServer {
  readonly database: string;
}

/** Every server of the country. */
export type Servers = {
  readonly graphiql: PlainServer;
  readonly population: InstrumentedServer;
  readonly 'civil-acts': InstrumentedServer;
  readonly address: InstrumentedServer;
  readonly property: PropertyServer;
  readonly tax: InstrumentedServer;
  readonly business: InstrumentedServer;
  readonly agencies: InstrumentedServer;
  readonly issuer: PlainServer;
  readonly outside: PlainServer;
};

export interface ServersOptions {
  /** Folder of the registered clients' profiles; written later. */
  readonly clients: string;
  readonly directory: string;
  readonly host: string;
  readonly ports: PortChoice;
  readonly audience: string;
  /** Origin of the officers’ address. */
  readonly officers: string;
}

/** Starts all servers at once; when one cannot start, none is left. */
export function startServers(country: Country, installation: Installation, options: ServersOptions): Promise<Servers> {
  const { persons, civilActs, addresses, taxes, business } = country;
  const { civilActsKey, addressToken, taxKey } = installation;
  const population = populationAccess(installation);
  return startTogether<Servers>({
    issuer: issuer(country, installation, options),
    graphiql: graphiql(options),
    outside: outside(installation, options),
    population: http((meter) => populationRegister(persons, population, meter), 'population', options),
    'civil-acts': http((meter) => civilActsRegister(civilActs, civilActsKey, meter), 'civil-acts', options),
    address: http((meter) => addressRegister(addresses, addressToken, meter), 'address', options),
    agencies: http((meter) => agencies(country, installation, meter), 'agencies', options),
    business: http((meter) => businessRegister(business, meter), 'business', options),
    tax: http((meter) => taxRegister(taxes, { apiKey: taxKey }, meter), 'tax', options),
    property: property(country, installation, options),
  });
}

function populationAccess({
  populationPassword: password,
  populationKeys: { gateway, register },
}: Installation): PopulationAccess {
  return {
    password,
    callerKey: createPublicKey(gateway.publicKey),
    registerKey: createPrivateKey(register.privateKey),
    clock: { now: () => new Date() },
  };
}

function http(
  register: (meter: Meter) => HttpRegister,
  name: PortName & ('population' | 'civil-acts' | 'address' | 'agencies' | 'tax' | 'business'),
  { host, ports }: ServersOptions,
): Promise<InstrumentedServer> {
  return instrument((meter, fault) => serveHttpRegister(register(meter), fault, host, portOf(ports, name)), {
    host,
    controlPort: portOf(ports, `${name}Control`),
  });
}

async function property(
  country: Country,
  { propertyPassword }: Installation,
  { directory, host, ports }: ServersOptions,
): Promise<PropertyServer> {
  const database = await startPropertyDatabase(join(directory, 'property'), country.property, propertyPassword);
  try {
    const serve = (
      ...[meter, fault]: Parameters<Parameters<typeof instrument>[0]>
    ): ReturnType<typeof servePropertyProxy> =>
      servePropertyProxy(database.socketPath, meter, fault, host, portOf(ports, 'property'));
    const server = await instrument(serve, { host, controlPort: portOf(ports, 'propertyControl') });
    const stop = async (): Promise<void> => {
      await server.stop();
      await database.stop();
    };
    return { ...server, database: database.database, stop };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function graphiql({ host, ports, clients }: ServersOptions): Promise<PlainServer> {
  const documents = loadDocuments(join(packageRoot(), 'schemas', 'operations'));
  const { port, close } = await serveGraphiql({
    host,
    port: portOf(ports, 'graphiql'),
    documents,
    ask: createAsker(clients),
    introspection: introspectionOf(packageRoot()),
  });
  return { port, stop: close };
}

async function issuer(
  { persons }: Country,
  { issuerKeys: keys }: Installation,
  { host, ports, audience, officers }: ServersOptions,
): Promise<PlainServer> {
  const { port, close } = await startIssuer({ host, port: portOf(ports, 'issuer'), audience, officers, keys, persons });
  return { port, stop: close };
}

async function outside(
  { outsideKeys: keys, files }: Installation,
  { directory, host, ports }: ServersOptions,
): Promise<PlainServer> {
  const { port, close } = await serveOutside({
    host,
    port: portOf(ports, 'outside'),
    keys,
    keysOf: logKeys(LOG_ORIGIN, files.checkpointKey),
    memoryFile: join(directory, 'witness.json'),
    now: () => new Date(),
  });
  return { port, stop: close };
}
