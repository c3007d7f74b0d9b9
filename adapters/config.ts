import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ }).refine((url) => {
  const { username, password } = new URL(url);
  return username === '' && password === '';
}, 'must hold no name and no password: secrets come from files');
const file = z.string().min(1);

/** What every register has. */
const common = {
  timeout_ms: z.int().min(10).max(60_000).default(2_000).describe('Limit of one call, in milliseconds.'),
  max_in_flight: z
    .int()
    .min(1)
    .max(10_000)
    .default(64)
    .describe('Calls at once; further ones wait, and fail when their time is up.'),
  breaker: z
    .strictObject({
      volume: z.int().min(1).default(5).describe('Calls within the window before it may open.'),
      failure_percent: z.int().min(1).max(100).default(50).describe('Share of failed calls at which it opens.'),
      window_ms: z.int().min(100).default(30_000).describe('Time over which calls are counted, in milliseconds.'),
      retry_after_ms: z
        .int()
        .min(10)
        .default(5_000)
        .describe('Time after which one call is let through to try, in milliseconds.'),
    })
    .prefault({})
    .describe('When a register that fails is left alone.'),
  test_person: z
    .string()
    .min(1)
    .optional()
    .describe('Number of a person made for tests that the register holds; `tereze register probe` reads it.'),
};

const openRest = z.strictObject({
  protocol: z.literal('rest'),
  url: httpUrl.describe('Base address of the REST service.'),
  ...common,
});

const rest = openRest.extend({
  api_key_file: file.describe('File with the key sent in the header that source.yaml names.'),
});

const openGraphql = z.strictObject({
  protocol: z.literal('graphql'),
  url: httpUrl.describe('Address of the federated GraphQL service.'),
  ...common,
});

const graphql = openGraphql.extend({
  token_file: file.describe('File with the service token sent as a bearer token.'),
});

const sql = z.strictObject({
  protocol: z.literal('sql'),
  host: z.string().min(1).describe('Host of the register’s PostgreSQL.'),
  port: z.int().min(1).max(65_535).describe('Port of the register’s PostgreSQL.'),
  database: z.string().min(1).describe('Name of its database.'),
  user: z.string().min(1).describe('Role that can only read.'),
  password_file: file.describe('File with the role’s password.'),
  tls_ca_file: file
    .optional()
    .describe(
      'File with the authority (PEM) that signs the server’s certificate; with it the connection is TLS, or none.',
    ),
  ...common,
});

const soap = z.strictObject({
  protocol: z.literal('soap'),
  url: httpUrl.describe('Address of the SOAP service.'),
  sender_id: z.string().min(1).describe('Name by which the bus knows this gateway.'),
  password_file: file.describe('File with the password that goes with it, inside the signed message.'),
  key_file: file.describe('File with the private RSA key (PEM) that signs what is asked.'),
  certificate_file: file
    .optional()
    .describe('File with the certificate (PEM) of that key, for registers that find the key by it.'),
  register_key_file: file.describe(
    'File with the register’s public RSA key, or its certificate (PEM): nothing else signs its answers.',
  ),
  ...common,
});

const xroad = z.strictObject({
  protocol: z.literal('xroad'),
  url: httpUrl
    .regex(/^https?:\/\/[^/?#]+\/?$/, 'must have no path: X-Road’s own begins at the root')
    .describe('Address of our security server.'),
  client: z
    .string()
    .regex(/^[^\p{Cc}:;/\\%]+(\/[^\p{Cc}:;/\\%]+){2,3}$/u, 'must be instance/member class/member code/subsystem')
    .describe('Identifier of our subsystem on X-Road: instance/member class/member code/subsystem.'),
  tls_ca_file: file
    .optional()
    .describe(
      'File with the authority (PEM) that signs the security server’s certificate; without it those of the system.',
    ),
  ...common,
});

const registerConfig = z.discriminatedUnion('protocol', [rest, graphql, sql, soap, xroad], {
  error: 'names no protocol: rest, graphql, sql, soap or xroad',
});

/** Keys that hold what proves who the gateway is. */
export const CREDENTIAL_KEYS: readonly string[] = [
  'api_key_file',
  'token_file',
  'password_file',
  'key_file',
  'certificate_file',
  'register_key_file',
];

const openRegisterConfig = z.discriminatedUnion('protocol', [openRest, openGraphql, xroad], {
  error: 'names no protocol that needs no credential: rest, graphql or xroad',
});

const registerName = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'is no name of a register');

/** Registers that are asked without a credential. */
export const openRegistersConfig = z.record(registerName, openRegisterConfig);

export type OpenRegisterConfig = z.output<typeof openRegisterConfig>;

/** Part `registers` of the configuration: how each register is reached, by the name of its folder. */
export const registersConfig = z.record(registerName, registerConfig);

/** How one register is reached; `protocol` is that of its `source.yaml`. */
export type RegisterConfig = z.output<typeof registerConfig>;
export type RegisterConfigOf<Protocol extends RegisterConfig['protocol']> = Extract<
  RegisterConfig,
  { protocol: Protocol }
>;
