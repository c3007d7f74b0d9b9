import { createHash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';
import { createAuthenticator, type Authenticator } from '../../../gateway/auth/authenticator.js';
import type { Credentials } from '../../../gateway/auth/credentials.js';
import type { ProofKeys } from '../../../gateway/auth/proof-keys.js';
import { useAlone, type ReplayStore } from '../../../gateway/auth/replay.js';
import type { ProofUse } from '../../../schemas/ports/proof-use.js';
import type { SeenProofs } from '../../../gateway/auth/seen-proofs.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import type { Config } from '../../../gateway/config/schema.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Caller } from '../../../schemas/vocabulary.js';
import { HttpFailure, type HttpConnections, type HttpResponse } from '../../../schemas/ports/http-client.js';

export const PUBLIC_URL = 'https://tereze.example';
export const AUDIENCE = 'https://tereze.example/graphql';
export const ISSUER = 'https://id.example';
export const OTHER_ISSUER = 'https://other.example';
export const NOW = new Date('2026-11-23T10:00:00.000Z');
export const NOW_S = NOW.getTime() / 1000;
/** Serial 9001: no one's number. */
export const CITIZEN = '900101390012';

/** A key pair with its public JWK. */
export interface Keys {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export async function newKeys(algorithm = 'ES256'): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { privateKey, jwk: await exportJWK(publicKey) };
}

/** A clock that tests move by hand. */
export class HandClock implements Clock {
  #at = NOW.getTime();
  advance(milliseconds: number): void {
    this.#at += milliseconds;
  }
  now(): Date {
    return new Date(this.#at);
  }
  factNow(): Date {
    return this.now();
  }
  factDate(): string {
    return '2026-03-02';
  }
  monotonic(): number {
    return this.#at;
  }
}

/** Proofs in memory, by the contract of the port. */
export class MemoryReplayStore implements ReplayStore {
  readonly seen = new Set<string>();
  use({ hash }: ProofUse): Promise<'first' | 'again'> {
    const use = this.seen.has(hash) ? 'again' : 'first';
    this.seen.add(hash);
    return Promise.resolve(use);
  }
}

const CONFIG = `version: 1
environment: test
server: { public_url: "${PUBLIC_URL}" }
authentication:
  audience: ${AUDIENCE}
  issuers:
    - { issuer: "${ISSUER}", jwks_uri: "${ISSUER}/jwks", algorithms: [ES256, EdDSA, Ed25519], names_officers: true, assurance: { "urn:list": low, "urn:sms": substantial, "urn:signature": high } }
    - { issuer: "${OTHER_ISSUER}", jwks_uri: "${OTHER_ISSUER}/jwks", assurance: { "urn:list": high } }
  agencies:
    - { id: housing, bin: "000140000002", name: Housing }
  systems:
    - { client_id: housing, kind: system, agency: housing, issuer: "${ISSUER}" }
    - { client_id: housing-ai, kind: ai, agency: housing, issuer: "${ISSUER}" }
    - { client_id: housing-desk, kind: officer, agency: housing, issuer: "${ISSUER}" }
    - { client_id: housing-aid, kind: system, agency: housing, issuer: "${ISSUER}", actor: allowed }
    - { client_id: housing-exam, kind: ai, agency: housing, issuer: "${ISSUER}", actor: required, model: { id: exam, version: "2026-11" } }
    - { client_id: citizen-window, kind: citizen, issuer: "${ISSUER}" }
    - { client_id: elsewhere, kind: system, agency: housing, issuer: "${OTHER_ISSUER}" }
policies: { secret_file: secret }
registers: {}
audit: { origin: log.example.kz/tereze }
`;

/** A change to what is signed, for tests of wrong tokens and proofs; `undefined` takes a member away. */
export interface Change {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: CryptoKey | Uint8Array;
}

/** An issuer, a client with a key of its own, and the gateway's authenticator between them. */
export class Party {
  readonly clock = new HandClock();
  readonly replay = new MemoryReplayStore();
  readonly authenticator: Authenticator;
  readonly issuerKeys: Keys;
  readonly otherIssuerKeys: Keys;
  readonly clientKeys: Keys;
  readonly thumbprint: string;
  /** Addresses that were fetched, in order. */
  readonly fetched: string[] = [];
  /** What the issuers publish; a test may change it, or make it fail. */
  publish: (url: string) => Response;
  readonly #used: ReplayStore;
  #proofs = 0;

  private constructor(keys: { issuer: Keys; other: Keys; client: Keys; thumbprint: string }, options: PartyOptions) {
    this.issuerKeys = keys.issuer;
    this.otherIssuerKeys = keys.other;
    this.clientKeys = keys.client;
    this.thumbprint = keys.thumbprint;
    const sets: Readonly<Record<string, JWK>> = {
      [`${ISSUER}/jwks`]: { ...keys.issuer.jwk, kid: 'key-1' },
      [`${OTHER_ISSUER}/jwks`]: { ...keys.other.jwk, kid: 'key-1' },
    };
    this.publish = (url) => Response.json({ keys: [sets[url]] });
    const issuerConnections: HttpConnections = {
      send: async ({ url, maxResponseBytes, checkHead }) => {
        this.fetched.push(url.href);
        const { status, headers, ...response } = await read(this.publish(url.href));
        checkHead?.({ status, headers });
        if (response.body.length > maxResponseBytes) throw new HttpFailure('too_large');
        return { status, headers, ...response };
      },
      close: () => undefined,
    };
    const config: Config = {
      ...parseConfig('tereze.yaml', CONFIG, {}),
      environment: options.environment ?? 'production',
    };
    const needsCase = (purpose: string): boolean | undefined =>
      new Map([
        ['housing_queue', true],
        ['statistics', false],
        ['own_data', false],
      ]).get(purpose);
    this.#used = options.replay ?? this.replay;
    this.authenticator = createAuthenticator({
      config,
      clock: this.clock,
      replay: this.#used,
      issuerConnections,
      needsCase,
      ...(options.proofKeys === undefined ? {} : { proofKeys: options.proofKeys }),
      ...(options.seen === undefined ? {} : { seen: options.seen }),
    });
  }

  static async make(options: PartyOptions = {}): Promise<Party> {
    const [issuer, other, client] = await Promise.all([newKeys(), newKeys(), newKeys(options.clientAlgorithm)]);
    return new Party({ issuer, other, client, thumbprint: await calculateJwkThumbprint(client.jwk) }, options);
  }

  /** An access token; right unless changed. */
  token({ header = {}, claims = {}, key = this.issuerKeys.privateKey }: Change = {}): Promise<string> {
    const payload = {
      iss: ISSUER,
      aud: AUDIENCE,
      sub: 'housing',
      client_id: 'housing',
      iat: NOW_S,
      exp: NOW_S + 300,
      jti: 'token-1',
      cnf: { jkt: this.thumbprint },
      authorization_details: [
        { type: 'tereze_access', purpose: 'housing_queue', case: { agency: 'housing', number: 'HQ-2026-000101' } },
      ],
      ...claims,
    };
    return sign({ alg: 'ES256', typ: 'at+jwt', kid: 'key-1', ...header }, payload, key);
  }

  citizenToken(claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return this.token({
      claims: {
        client_id: 'citizen-window',
        sub: 'opaque-7',
        iin: CITIZEN,
        acr: 'urn:list',
        authorization_details: [{ type: 'tereze_access', purpose: 'own_data' }],
        ...claims,
      },
    });
  }

  /** A proof for a token, another one each time; right unless changed. */
  proof(token: string, { header = {}, claims = {}, key = this.clientKeys.privateKey }: Change = {}): Promise<string> {
    this.#proofs += 1;
    const payload = {
      jti: `proof-number-${this.#proofs}`,
      htm: 'POST',
      htu: `${PUBLIC_URL}/graphql`,
      iat: NOW_S,
      ath: createHash('sha256').update(token).digest('base64url'),
      ...claims,
    };
    return sign({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.clientKeys.jwk, ...header }, payload, key);
  }

  async credentials(token: string, proof?: string): Promise<Credentials> {
    return {
      method: 'POST',
      path: '/graphql',
      authorization: [`DPoP ${token}`],
      dpop: [proof ?? (await this.proof(token))],
      purpose: undefined,
      case: undefined,
    };
  }

  /** Authenticates what one source sends, and uses the proof. */
  async authenticate(credentials: Credentials, source = '10.0.0.1', assertMayAsk?: (caller: Caller) => void) {
    const found = await this.authenticator.authenticate(credentials, { party: source }, assertMayAsk);
    await useAlone(found.proof, this.#used);
    return found;
  }

  /** Authenticates with a changed token and a right proof for it. */
  async withToken(change: Change = {}, headers: Partial<Credentials> = {}) {
    const token = await this.token(change);
    return this.authenticate({ ...(await this.credentials(token)), ...headers });
  }

  /** Authenticates with a right token and a changed proof. */
  async withProof(change: Change = {}, headers: Partial<Credentials> = {}) {
    const token = await this.token();
    return this.authenticate({
      ...(await this.credentials(token, await this.proof(token, change))),
      ...headers,
    });
  }
}

export interface PartyOptions {
  readonly environment?: Config['environment'];
  readonly replay?: ReplayStore;
  readonly clientAlgorithm?: string;
  readonly proofKeys?: Pick<ProofKeys, 'find' | 'verify'>;
  readonly seen?: Pick<SeenProofs, 'see' | 'forget'>;
}

function sign(
  header: Readonly<Record<string, unknown>>,
  claims: Readonly<Record<string, unknown>>,
  key: CryptoKey | Uint8Array,
): Promise<string> {
  const defined = (members: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  return new SignJWT(defined(claims) as JWTPayload).setProtectedHeader(defined(header) as { alg: string }).sign(key);
}

/** `CODE reason` of a refusal; anything else that was thrown fails the test, and so does an answer. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Refusal) return [error.code, ...error.reasons].join(' ');
    throw error;
  }
  throw new Error('it was not refused');
}

async function read(response: Response): Promise<HttpResponse> {
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}
