import { calculateJwkThumbprint, EmbeddedJWK, exportJWK, generateKeyPair, jwtVerify, type JWTPayload } from 'jose';
import nock from 'nock';
import type { ClientProfile } from '../../../../gateway/cli/client/profile.js';

export const ISSUER = 'https://issuer.example';
export const GATEWAY = 'https://gateway.example';
export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The issuer's metadata (RFC 8414). */
export const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/auth`,
  token_endpoint: `${ISSUER}/token`,
};

// The import of nock activates it. An active nock slows every request of the process, so the other test files must
// not run with it.
nock.restore();

/** Replaces the network by nock while the tests of the enclosing `describe` run. No request leaves the process. */
export function mockNetwork(): void {
  before(() => {
    nock.activate();
    nock.disableNetConnect();
  });

  afterEach(function () {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    // A test that failed may have ended before it asked.
    if (this.currentTest?.state === 'passed' && pending.length > 0)
      throw new Error(`expected and not asked: ${pending.join(', ')}`);
  });

  after(() => {
    nock.restore();
    nock.cleanAll();
    nock.enableNetConnect();
  });
}

/** A request as it was sent. Names of headers are in lower case. */
export interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is replied to a request. The default status is 200. */
export interface Replied {
  readonly status?: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Expects one request for each reply, in this order. Returns the list to which each request is added. Where the
 * requests are optional, a test does not fail because one of them is not made.
 */
export function expectRequests(
  method: 'GET' | 'POST',
  url: string | RegExp,
  replies: readonly Replied[],
  { origin = ISSUER, optional = false }: { readonly origin?: string; readonly optional?: boolean } = {},
): readonly Sent[] {
  const sent: Sent[] = [];
  for (const { status = 200, body = '', headers = {} } of replies) {
    nock(origin)
      .intercept(url, method)
      .optionally(optional)
      .reply(function (path, text) {
        const received = Object.entries(this.req.headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
        sent.push({
          path,
          headers: Object.fromEntries(received) as Record<string, string>,
          body: typeof text === 'string' ? text : JSON.stringify(text),
        });
        const type = typeof body === 'string' ? 'text/html' : 'application/json';
        return [status, body, { 'content-type': type, ...headers }];
      });
  }
  return sent;
}

/** Expects one request for the issuer's metadata. */
export function expectDiscovery(metadata: object = METADATA): readonly Sent[] {
  return expectRequests('GET', '/.well-known/oauth-authorization-server', [{ body: metadata }]);
}

/** A reply of the token endpoint that grants a token. */
export function granted(token = 'token-1'): Replied {
  return { body: { access_token: token, token_type: 'DPoP', expires_in: 60 } };
}

/** The error with which `fetch` fails if a host does not answer. */
export function networkError(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('no connection'), { code }) });
}

/** The only request of a list. Throws if there are none or several. */
export function only(requests: readonly Sent[]): Sent {
  const [first, second] = requests;
  if (first === undefined || second !== undefined) throw new Error(`expected one request, not ${requests.length}`);
  return first;
}

/** The claims of the DPoP proof of a request, and the thumbprint of the key that signed it. */
export interface Proof {
  readonly claims: JWTPayload;
  readonly thumbprint: string;
}

/** Verifies the DPoP proof of a request as RFC 9449, section 4.3, asks: type, signature, public key only. */
export async function proofOf({ headers }: Sent): Promise<Proof> {
  const { payload, protectedHeader } = await jwtVerify(headers['dpop'] ?? '', EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['jti', 'iat'],
  });
  const { jwk } = protectedHeader;
  if (jwk === undefined || 'd' in jwk) throw new Error('the proof must carry a public key');
  return { claims: payload, thumbprint: await calculateJwkThumbprint(jwk) };
}

/** A client of the issuer with a private key, and the public key that the issuer knows. */
export async function createClient(
  changes: Partial<ClientProfile> = {},
): Promise<{ readonly profile: ClientProfile; readonly publicKey: CryptoKey }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const profile: ClientProfile = {
    clientId: 'housing',
    issuer: ISSUER,
    gateway: GATEWAY,
    audience: 'https://tereze.example',
    privateKey: { ...(await exportJWK(privateKey)), kid: 'housing-1' },
    purposes: ['housing_queue'],
    agency: 'housing',
    redirectUri: undefined,
    ...changes,
  };
  return { profile, publicKey };
}
