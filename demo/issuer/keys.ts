import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { keepSecret, writePrivate } from '../secrets.js';
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
export async function issuerKeys(path: string): Promise<IssuerKeys> {
  const kept = await keepSecret(path, async () => {
    const installation = randomBytes(6).toString('hex');
    return {
      signing: await newKey(`demo-issuer-${installation}`),
      clients: await clientKeys({}),
      subjectKey: randomBytes(32).toString('hex'),
      cookieKey: randomBytes(32).toString('hex'),
    };
  });
  if (AGENCY_CLIENT_IDS.every((id) => Object.hasOwn(kept.clients, id))) return kept;
  // An earlier version of the demo kept them: clients that have come since get their keys now.
  const completed = { ...kept, clients: await clientKeys(kept.clients) };
  await writePrivate(path, JSON.stringify(completed, undefined, 2));
  return completed;
}

async function clientKeys(known: Partial<IssuerKeys['clients']>): Promise<IssuerKeys['clients']> {
  const keys = await Promise.all(
    AGENCY_CLIENT_IDS.map(async (id) => [id, known[id] ?? (await newKey(`demo-${id}`))] as const),
  );
  return Object.fromEntries(keys) as Record<AgencyClientId, JWK>;
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
