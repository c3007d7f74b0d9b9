import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, jwtVerify, type JWK, type JWTPayload } from 'jose';
import type { Clock } from '../../schemas/ports/clock.js';
import { Refusal } from '../../schemas/refusal.js';
import { SIGNATURE_ALGORITHMS } from '../config/parts/authentication.js';
import { joseFault } from './jose-fault.js';
import { targetUri } from './target-uri.js';

/** The request that a proof must have been made for. */
export interface ProofTarget {
  readonly method: string;
  readonly path: string;
  readonly accessToken: string;
  /** Thumbprint that the access token is bound to. */
  readonly keyThumbprint: string;
}

/** A proof whose signature and claims are right; whether it was used before is not known yet. */
export interface DpopProof {
  readonly keyThumbprint: string;
  readonly id: string;
  /** Before this moment the proof is refused, because it was made in the future. */
  readonly usableFrom: Date;
  /** After this moment the proof is refused for its age. */
  readonly endsAt: Date;
}

export interface DpopProofDependencies {
  /** Origin under which callers reach the gateway. Headers never say it. */
  readonly publicUrl: string;
  readonly maxAgeSeconds: number;
  readonly clockToleranceSeconds: number;
  readonly clock: Clock;
}

/** Members of a JWK that only a private or symmetric key has (RFC 7518, sections 6.2.2, 6.3.2, 6.4.1). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const MIN_ID = 8;
const MAX_ID = 256;

/**
 * Verifies a DPoP proof (RFC 9449, section 4.3): `typ`, an asymmetric algorithm, a public key in
 * the header that is the one the token is bound to, its signature, `htm`, `htu`, `ath`, `iat`, `jti`.
 *
 * @throws Refusal `INVALID_DPOP_PROOF` with the rule that was broken.
 */
export function createDpopProofVerifier(dependencies: DpopProofDependencies) {
  return async (proof: string, target: ProofTarget): Promise<DpopProof> => {
    await assertBoundKey(proof, target.keyThumbprint);
    const payload = await verified(proof, dependencies);
    if (payload['htm'] !== target.method) throw refusal('htm');
    if (!isFor(payload['htu'], target.path, dependencies.publicUrl)) throw refusal('htu');
    if (payload['ath'] !== createHash('sha256').update(target.accessToken).digest('base64url')) throw refusal('ath');
    const { maxAgeSeconds, clockToleranceSeconds } = dependencies;
    const madeAt = payload.iat ?? 0;
    const usableFrom = new Date((madeAt - clockToleranceSeconds) * 1000);
    const endsAt = new Date((madeAt + maxAgeSeconds + clockToleranceSeconds + 1) * 1000);
    return { keyThumbprint: target.keyThumbprint, id: idOf(payload), usableFrom, endsAt };
  };
}

async function assertBoundKey(proof: string, keyThumbprint: string): Promise<void> {
  const jwk = embeddedKey(proof);
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))) throw refusal('jwk');
  if ((await thumbprint(jwk)) !== keyThumbprint) throw refusal('key');
}

function embeddedKey(proof: string): JWK {
  try {
    const { jwk } = decodeProtectedHeader(proof);
    if (typeof jwk === 'object' && jwk !== null) return jwk;
  } catch {
    throw refusal('malformed');
  }
  throw refusal('jwk');
}

async function thumbprint(jwk: JWK): Promise<string> {
  try {
    return await calculateJwkThumbprint(jwk, 'sha256');
  } catch {
    throw refusal('jwk');
  }
}

async function verified(
  proof: string,
  { clock, maxAgeSeconds, clockToleranceSeconds }: DpopProofDependencies,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: [...SIGNATURE_ALGORITHMS],
      typ: 'dpop+jwt',
      requiredClaims: ['jti', 'htm', 'htu', 'ath', 'iat'],
      maxTokenAge: maxAgeSeconds,
      clockTolerance: clockToleranceSeconds,
      currentDate: clock.now(),
    });
    return payload;
  } catch (error) {
    throw refusal(joseFault(error));
  }
}

function isFor(htu: unknown, path: string, publicUrl: string): boolean {
  const wanted = targetUri(`${new URL(publicUrl).origin}${path}`);
  return typeof htu === 'string' && wanted !== undefined && targetUri(htu) === wanted;
}

function idOf({ jti }: JWTPayload): string {
  if (typeof jti !== 'string' || jti.length < MIN_ID || jti.length > MAX_ID) throw refusal('jti');
  return jti;
}

function refusal(rule: string): Refusal {
  return new Refusal('INVALID_DPOP_PROOF', { reasons: [`proof_${rule}`] });
}
