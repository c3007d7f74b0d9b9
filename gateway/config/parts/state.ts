import { z } from 'zod';

const timeoutMs = z
  .int()
  .min(10)
  .max(60_000)
  .default(2_000)
  .describe('Limit of one read or write of the place, in milliseconds.');

const directoryPlace = z.strictObject({
  kind: z.literal('directory').describe('A directory, on this machine or mounted from another.'),
  directory: z
    .string()
    .min(1)
    .describe('The directory. Tereze never makes it: a disk that is not mounted is unreachable, not empty.'),
  timeout_ms: timeoutMs,
});

const httpPlace = z.strictObject({
  kind: z.literal('http').describe('A store that speaks GET, and PUT under If-Match.'),
  url: z.url({ protocol: /^https?$/ }).describe('Address below which the store keeps the texts.'),
  bearer_file: z.string().min(1).optional().describe('File with the bearer token that the store expects.'),
  tls_ca_file: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file of the authority that signs the store’s certificate. Default: the authorities of the system.'),
  client_certificate_file: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file of the certificate with which Tereze shows who it is.'),
  client_key_file: z.string().min(1).optional().describe('PEM file of the private key of that certificate.'),
  timeout_ms: timeoutMs,
});

/** Part `state` of the configuration: what is kept outside the database, so that one that went back in time is noticed. */
export const stateConfig = z.strictObject({
  anchor: z
    .record(
      z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a name: small letters, digits and dashes')
        .describe('Name of the place, in logs and metrics.'),
      z.discriminatedUnion('kind', [directoryPlace, httpPlace]),
    )
    .default({})
    .describe(
      'Places outside the database, by name, that keep the signed head of the state and the journal of restrictions. `environment: production` needs at least one. Without any, a database that went back in time is not noticed.',
    ),
  journal_days: z
    .int()
    .min(1)
    .max(3_660)
    .default(35)
    .describe('How long restrictions stay in the journal, in days. Longer than any backup of the database is kept.'),
});

export type StateConfig = z.output<typeof stateConfig>;
export type PlaceConfig = StateConfig['anchor'][string];
