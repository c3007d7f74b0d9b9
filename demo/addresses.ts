import type { Servers } from './servers.js';

/** Where the country's servers are, by name: URLs, without a path. */
export type CountryAddresses = {
  readonly graphiql: string;
  readonly issuer: string;
  readonly population: string;
  readonly populationControl: string;
  readonly civilActs: string;
  readonly civilActsControl: string;
  readonly address: string;
  readonly addressControl: string;
  readonly property: string;
  readonly propertyControl: string;
  readonly tax: string;
  readonly business: string;
  readonly businessControl: string;
  readonly taxControl: string;
  readonly agencies: string;
  readonly agenciesControl: string;
  /** The time-stamp authority and the witness. */
  readonly outside: string;
};

export function addressesOf(servers: Servers, host: string): CountryAddresses {
  const {
    graphiql,
    issuer,
    population,
    'civil-acts': civilActs,
    address,
    property,
    tax,
    business,
    agencies,
    outside,
  } = servers;
  const http = (port: number): string => `http://${host}:${port}`;
  return {
    graphiql: http(graphiql.port),
    issuer: http(issuer.port),
    population: http(population.port),
    populationControl: http(population.controlPort),
    civilActs: http(civilActs.port),
    civilActsControl: http(civilActs.controlPort),
    address: http(address.port),
    addressControl: http(address.controlPort),
    property: `postgres://${host}:${property.port}/${property.database}`,
    propertyControl: http(property.controlPort),
    tax: http(tax.port),
    business: http(business.port),
    businessControl: http(business.controlPort),
    taxControl: http(tax.controlPort),
    agencies: http(agencies.port),
    agenciesControl: http(agencies.controlPort),
    outside: http(outside.port),
  };
}

/** Control ports by the name of the server that they control, as `tereze demo fault` takes it. */
export function controlsOf(servers: Servers, host: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(servers).flatMap(([name, server]) =>
      'controlPort' in server ? [[name, `http://${host}:${server.controlPort}`]] : [],
    ),
  );
}
