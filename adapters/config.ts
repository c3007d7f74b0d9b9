import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ });

/** Limits that every register has. */
const callLimits = {
  timeout_ms: z.int().min(10).max(60_000).default(2_000).describe('Limit of one call, in milliseconds.'),
  max_in_flight: z.int().min(1).max(10_000).default(64).describe('Calls at once; further ones wait, and fail when their time is up.'),
};

const populationConfig = z.strictObject({
  url: httpUrl.describe('Base address of the REST service.'),
  api_key_file: z.string().min(1).describe('File with the key sent as X-Api-Key.'),
  ...callLimits,
});

const addressConfig = z.strictObject({
  url: httpUrl.describe('Base address of the federated GraphQL service.'),
  token_file: z.string().min(1).describe('File with the service token sent as a bearer token.'),
  ...callLimits,
});

const propertyConfig = z.strictObject({
  host: z.string().min(1).describe('Host of the register’s PostgreSQL.'),
  port: z.int().min(1).max(65_535).describe('Port of the register’s PostgreSQL.'),
  database: z.string().min(1).describe('Name of its database.'),
  user: z.string().min(1).describe('Role that can only read.'),
  password_file: z.string().min(1).describe('File with the role’s password.'),
  tls_ca_file: z.string().min(1).optional().describe('File with the authority (PEM) that signs the server’s certificate; with it the connection is TLS, or none.'),
  ...callLimits,
});

/** Part `registers` of the configuration: how each register is reached. */
export const registersConfig = z.strictObject({
  population: populationConfig.optional().describe('Person, documents, life status, family links.'),
  address: addressConfig.optional().describe('Current and former registrations.'),
  property: propertyConfig.optional().describe('Land, buildings, vehicles.'),
});

export type RegistersConfig = z.output<typeof registersConfig>;
