import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { keepSecret } from '../secrets.js';
import { AGENCY_CLIENT_IDS, type AgencyClientId } from './clients.js';

/** What the issuer of one installation keeps: random, made once, for show only. Every `kid` begins with `demo-`. */
export interface IssuerKeys {
  readonly signing: JWK;
  readonly clients: Readonly<Record<AgencyClientId, JWK>>;
  /** Turns a citizen's number into an opaque subject; hex. */
  readonly subjectKey: string;
  readonly cookieKey: string;
}

/** The keys in a file that only its owner may read; makes them at the first start. */
export function issuerKeys(path: string): Promise<IssuerKeys> {
  return keepSecret(path, async () => {
    const clients = await Promise.all(AGENCY_CLIENT_IDS.map(async (id) => [id, await newKey(`demo-${id}`)] as const));
    const installation = randomBytes(6).toString('hex');
    return {
      signing: await newKey(`demo-issuer-${installation}`),
      clients: Object.fromEntries(clients) as Record<AgencyClientId, JWK>,
      subjectKey: randomBytes(32).toString('hex'),
      cookieKey: randomBytes(32).toString('hex'),
    };
  });
}

/** The public half of a private key. */
export function publicHalf(key: JWK): JWK {
  const half = { ...key };
  delete half.d;
  return half;
}

async function newKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' };
}
