import { z } from 'zod';
import { tlsFields, tlsSettings, type TlsSettings } from '../../schemas/tls/settings.js';
import { filePath, httpUrl } from '../protocol.js';

/** Names that HTTP takes for a header (RFC 9110, section 5.6.2). */
const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no name of a header')
  .refine((name) => !OWN_HEADERS.has(name.toLowerCase()), 'is a header that the client itself sends');

const OWN_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'accept',
  'accept-encoding',
  'expect',
  'te',
  'upgrade',
]);

/** Printable ASCII without a colon, which ends the name in the header (RFC 7617, section 2). */
const userName = z.string().regex(/^[\x20-\x39\x3b-\x7e]+$/, 'must be printable ASCII without a colon');

const none = z.strictObject({ type: z.literal('none').describe('The register asks for nothing.') });

const basic = z.strictObject({
  type: z.literal('basic').describe('Name and password (RFC 7617).'),
  user: userName.describe('Name by which the register knows the gateway.'),
  password_file: filePath.describe('File with the password.'),
});

const apiKey = z
  .strictObject({
    type: z.literal('api_key').describe('One key in a header or in the query.'),
    header: headerName.optional().describe('Header that carries the key.'),
    query: z
      .string()
      .min(1)
      .optional()
      .describe('Parameter of the query that carries the key. Others may log addresses: prefer a header.'),
    key_file: filePath.describe('File with the key.'),
  })
  .superRefine(({ header, query }, context) => {
    if ((header === undefined) === (query === undefined))
      context.addIssue({ code: 'custom', path: ['header'], message: 'give either header or query' });
  });

const bearerFile = z.strictObject({
  type: z.literal('bearer_file').describe('A bearer token (RFC 6750) that something else keeps up to date.'),
  token_file: filePath.describe('File with the token. It is read again when it changes.'),
});

/** Claims that the assertion has by itself (RFC 7523, section 3). */
const ASSERTED: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']);

/** One or several: each is sent as a parameter of its own (RFC 8707, section 2). */
const oneOrMany = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((given) => (typeof given === 'string' ? [given] : given));

const oauth2 = z
  .strictObject({
    type: z.literal('oauth2').describe('A token of a token server, by client credentials (RFC 6749, section 4.4).'),
    token_url: httpUrl.optional().describe('Address at which tokens are asked for.'),
    issuer: httpUrl
      .optional()
      .describe('The token server’s issuer identifier: its metadata say the rest (RFC 8414, or OpenID Connect).'),
    client_id: z
      .string()
      .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII')
      .describe('Name by which the token server knows the gateway.'),
    client_auth: z
      .enum(['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'tls_client_auth'])
      .describe('How the gateway proves to the token server who it is.'),
    secret_file: filePath.optional().describe('File with the client secret.'),
    key_file: filePath.optional().describe('File with the private key (PEM, PKCS #8) that signs the assertion.'),
    key_id: z.string().min(1).optional().describe('`kid` of that key, where the token server wants one.'),
    algorithm: z
      .enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])
      .optional()
      .describe('How the assertion is signed; without it what fits the key, RS256 for RSA.'),
    assertion_audience: z
      .string()
      .min(1)
      .optional()
      .describe('`aud` of the assertion; without it the issuer, or token_url where there is no issuer.'),
    claims: z
      .record(z.string().min(1), z.json())
      .optional()
      .describe('Further claims of the assertion, where the token server wants some.'),
    scope: z.string().min(1).optional().describe('Scopes asked for, separated by spaces.'),
    resource: oneOrMany.optional().describe('What the token is for (RFC 8707): one address, or a list.'),
    audience: oneOrMany.optional().describe('`audience` of the token request, where the token server wants one.'),
    tls: tlsSettings.optional().describe('How TLS is spoken to the token server.'),
  })
  .superRefine((settings, context) => {
    for (const [key, message] of misfits(settings)) context.addIssue({ code: 'custom', path: [key], message });
  });

export type Oauth2Settings = z.output<typeof oauth2>;

const OF_ASSERTION = ['key_file', 'key_id', 'algorithm', 'assertion_audience', 'claims'] as const;

/** The setting that each way of authentication needs, and those that it has no use for. */
const OF_CLIENT_AUTH = {
  private_key_jwt: { needed: 'key_file', foreign: ['secret_file'] },
  client_secret_basic: { needed: 'secret_file', foreign: OF_ASSERTION },
  client_secret_post: { needed: 'secret_file', foreign: OF_ASSERTION },
  tls_client_auth: { needed: undefined, foreign: ['secret_file', ...OF_ASSERTION] },
} as const;

function misfits(settings: {
  readonly token_url?: string | undefined;
  readonly issuer?: string | undefined;
  readonly client_auth: keyof typeof OF_CLIENT_AUTH;
  readonly secret_file?: string | undefined;
  readonly key_file?: string | undefined;
  readonly key_id?: string | undefined;
  readonly algorithm?: string | undefined;
  readonly assertion_audience?: string | undefined;
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  readonly tls?: TlsSettings | undefined;
}): readonly (readonly [key: string, message: string])[] {
  const found: [key: string, message: string][] = [];
  const { token_url: tokenUrl, issuer, claims = {}, tls } = settings;
  const address = tokenUrl ?? issuer;
  if (address === undefined) found.push(['token_url', 'is missing: give token_url, or issuer']);
  else if (tls !== undefined && new URL(address).protocol !== 'https:')
    found.push(['tls', 'needs an https address of the token server']);
  const { needed, foreign } = OF_CLIENT_AUTH[settings.client_auth];
  if (needed !== undefined && settings[needed] === undefined)
    found.push([needed, `is missing: client_auth ${settings.client_auth} needs it`]);
  if (settings.client_auth === 'tls_client_auth' && tls?.cert_file === undefined)
    found.push(['tls', 'must say cert_file and key_file: client_auth tls_client_auth needs them']);
  for (const key of foreign)
    if (settings[key] !== undefined) found.push([key, `has no use with client_auth ${settings.client_auth}`]);
  for (const claim of Object.keys(claims))
    if (ASSERTED.has(claim)) found.push(['claims', `may not set ${claim}: every assertion has its own`]);
  return found;
}

/** How the gateway proves to a register over HTTP who it is. Secrets come from files. */
export const authSettings = z.discriminatedUnion('type', [none, basic, apiKey, bearerFile, oauth2], {
  error: 'says no way to authenticate: none, basic, api_key, bearer_file or oauth2',
});

export type AuthSettings = z.output<typeof authSettings>;

/** Settings of every register over HTTP that say how it is connected to. */
export const connectionSettings = {
  auth: authSettings.optional().describe('How the gateway proves to the register who it is.'),
  tls: tlsSettings.optional().describe('How TLS is spoken to the register.'),
};

/** The same without credentials, for `--ungoverned`. */
export const anonymousConnectionSettings = {
  auth: none.optional().describe('The register asks for nothing.'),
  tls: z
    .strictObject({ ca_file: tlsFields.ca_file, server_name: tlsFields.server_name })
    .optional()
    .describe('How TLS is spoken to the register.'),
};

/** What in these settings is a credential of the gateway, as dotted keys. */
export const CONNECTION_CREDENTIALS = [
  'auth.user',
  'auth.password_file',
  'auth.key_file',
  'auth.token_file',
  'auth.client_id',
  'auth.secret_file',
  'tls.cert_file',
  'tls.key_file',
] as const;

interface Connection {
  readonly url: string;
  readonly auth?: unknown;
  readonly tls?: unknown;
}

/**
 * Returns a check of the settings of a register over HTTP. TLS settings need an address that is reached by TLS. `older`
 * is the setting that was there before `auth`: the settings have one of the two. A protocol without such a setting
 * needs neither.
 */
export function checkConnection<Older extends string>(
  older?: Older,
): (settings: Connection & Readonly<Partial<Record<Older, unknown>>>, context: z.RefinementCtx) => void {
  return (settings, context) => {
    const { url, auth, tls } = settings;
    const fault = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if (tls !== undefined && !url.startsWith('https:')) fault('tls', 'needs an https address in url');
    if (older === undefined) return;
    if (settings[older] !== undefined && auth !== undefined) fault(older, 'is given with auth: one of them is enough');
    if (settings[older] === undefined && auth === undefined)
      fault('auth', 'is missing: say how the register knows the gateway, or { type: none } if it asks for nothing');
  };
}
