import { createHash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  EmbeddedJWK,
  jwtVerify,
  type JWK,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import type { Clock } from '../../schemas/ports/clock.js';
import { Refusal } from '../../schemas/refusal.js';
import { SIGNATURE_ALGORITHMS } from '../config/parts/authentication.js';
import { joseFault } from './jose-fault.js';
import { targetUri } from './target-uri.js';
import { keylessFault, readUnverified, type UnverifiedJwt } from './unverified.js';
import type { Verification, VerificationBudget } from './verification-budget.js';

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
  readonly budget: VerificationBudget;
}

/** Members of a JWK that only a private or symmetric key has (RFC 7518, sections 6.2.2, 6.3.2, 6.4.1). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const RULES = {
  typ: 'dpop+jwt',
  algorithms: SIGNATURE_ALGORITHMS,
  requiredClaims: ['jti', 'htm', 'htu', 'ath', 'iat'],
} as const;
const MIN_ID = 8;
const MAX_ID = 256;

/**
 * Verifies a DPoP proof (RFC 9449, section 4.3): `typ`, an asymmetric algorithm, a public key in
 * the header that is the one the token is bound to, `htm`, `htu`, `ath`, `iat`, `jti`, and then its
 * signature.
 *
 * @throws Refusal `INVALID_DPOP_PROOF` with the rule that was broken; `OVERLOADED` when too much is being verified.
 */
export function createDpopProofVerifier(dependencies: DpopProofDependencies) {
  return async (proof: string, target: ProofTarget, verification: Verification): Promise<DpopProof> => {
    const { payload } = await checkedWithoutSignature(proof, target, dependencies);
    await dependencies.budget.spend(() => verify(proof, dependencies), verification);
    const { maxAgeSeconds, clockToleranceSeconds } = dependencies;
    const madeAt = payload.iat ?? 0;
    const usableFrom = new Date((madeAt - clockToleranceSeconds) * 1000);
    const endsAt = new Date((madeAt + maxAgeSeconds + clockToleranceSeconds + 1) * 1000);
    return { keyThumbprint: target.keyThumbprint, id: idOf(payload), usableFrom, endsAt };
  };
}

/** Checks everything but the signature. The signature then covers exactly what was checked. */
async function checkedWithoutSignature(
  proof: string,
  { method, path, accessToken, keyThumbprint }: ProofTarget,
  dependencies: DpopProofDependencies,
): Promise<UnverifiedJwt> {
  const unverified = readUnverified(proof);
  if (unverified === undefined) throw refusal('malformed');
  const { header, payload } = unverified;
  await assertBoundKey(header, keyThumbprint);
  const fault = keylessFault(unverified, { ...RULES, ...dependencies }, dependencies.clock.now());
  if (fault !== undefined) throw refusal(fault);
  if (payload['htm'] !== method) throw refusal('htm');
  if (!isFor(payload['htu'], path, dependencies.publicUrl)) throw refusal('htu');
  if (payload['ath'] !== createHash('sha256').update(accessToken).digest('base64url')) throw refusal('ath');
  idOf(payload);
  return unverified;
}

async function assertBoundKey({ jwk }: ProtectedHeaderParameters, keyThumbprint: string): Promise<void> {
  if (typeof jwk !== 'object' || jwk === null) throw refusal('jwk');
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))) throw refusal('jwk');
  if ((await thumbprint(jwk)) !== keyThumbprint) throw refusal('key');
}

async function thumbprint(jwk: JWK): Promise<string> {
  try {
    return await calculateJwkThumbprint(jwk, 'sha256');
  } catch {
    throw refusal('jwk');
  }
}

async function verify(
  proof: string,
  { clock, maxAgeSeconds, clockToleranceSeconds }: DpopProofDependencies,
): Promise<void> {
  try {
    await jwtVerify(proof, EmbeddedJWK, {
      algorithms: [...RULES.algorithms],
      typ: RULES.typ,
      requiredClaims: [...RULES.requiredClaims],
      maxTokenAge: maxAgeSeconds,
      clockTolerance: clockToleranceSeconds,
      currentDate: clock.now(),
    });
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
