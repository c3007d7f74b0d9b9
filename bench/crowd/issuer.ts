import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { AGENCY, AUDIENCE, CASE, PURPOSE } from './installation.js';

/** A client with a key of its own and a token bound to it. */
export interface Party {
  readonly token: string;
  /** The private key of its proofs, as JWK. */
  readonly key: object;
  readonly publicKey: object;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Returns a signed JWT (RFC 7515), ES256. */
export function signedJwt(header: object, payload: object, key: KeyObject): string {
  const text = `${encoded(header)}.${encoded(payload)}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/**
 * Stands where an identity provider would: one ES256 key, its JWKS over HTTP, access tokens (RFC 9068)
 * made here. It has no token endpoint, because what is measured begins with a token.
 */
export class Issuer {
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #url: string;
  #server: Server | undefined;

  constructor(readonly port: number) {
    this.#url = `http://127.0.0.1:${port}`;
  }

  async start(): Promise<void> {
    const jwk = this.#pair.publicKey.export({ format: 'jwk' });
    const body = JSON.stringify({ keys: [{ ...jwk, kid: 'bench', use: 'sig', alg: 'ES256' }] });
    const server = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(body),
    );
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  party(clientId: string): Party {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
    const now = Math.floor(Date.now() / 1000);
    const jkt = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
    const claims = {
      iss: this.#url,
      aud: AUDIENCE,
      sub: clientId,
      client_id: clientId,
      jti: randomUUID(),
      iat: now,
      exp: now + 3_000,
      cnf: { jkt },
      acr: 'urn:bench:assurance',
      authorization_details: [{ type: 'tereze_access', purpose: PURPOSE, case: { agency: AGENCY, number: CASE } }],
    };
    return {
      token: signedJwt({ typ: 'at+jwt', alg: 'ES256', kid: 'bench' }, claims, this.#pair.privateKey),
      key: privateKey.export({ format: 'jwk' }),
      publicKey: { kty, crv, x, y },
    };
  }
}
