import { createHash } from 'node:crypto';
import { base64url, EmbeddedJWK, jwtVerify, type JWK, type JWTPayload, type ProtectedHeaderParameters } from 'jose';
import type { Clock } from '../../schemas/ports/clock.js';
import { Refusal } from '../../schemas/refusal.js';
import { SIGNATURE_ALGORITHMS } from '../config/parts/authentication.js';
import { joseFault } from './jose-fault.js';
import { jwkThumbprint } from './jwk-thumbprint.js';
import type { ProofKeys } from './proof-keys.js';
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
  /** The keys of proofs that were verified before. */
  readonly keys: Pick<ProofKeys, 'find' | 'verify'>;
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
    const { header, payload, jwk } = checkedWithoutSignature(proof, target, dependencies);
    await dependencies.budget.spend(
      () =>
        header.crit === undefined
          ? verify(proof, { header, jwk, keyThumbprint: target.keyThumbprint }, dependencies)
          : verifyWithExtensions(proof, dependencies),
      verification,
    );
    const { maxAgeSeconds, clockToleranceSeconds } = dependencies;
    const madeAt = payload.iat ?? 0;
    const usableFrom = new Date((madeAt - clockToleranceSeconds) * 1000);
    const endsAt = new Date((madeAt + maxAgeSeconds + clockToleranceSeconds + 1) * 1000);
    return { keyThumbprint: target.keyThumbprint, id: idOf(payload), usableFrom, endsAt };
  };
}

/** Checks everything but the signature. The signature then covers exactly what was checked. */
function checkedWithoutSignature(
  proof: string,
  { method, path, accessToken, keyThumbprint }: ProofTarget,
  dependencies: DpopProofDependencies,
): UnverifiedJwt & { readonly jwk: JWK } {
  const unverified = readUnverified(proof);
  if (unverified === undefined) throw refusal('malformed');
  const { header, payload } = unverified;
  const jwk = boundKeyOf(header, keyThumbprint);
  const fault = keylessFault(unverified, { ...RULES, ...dependencies }, dependencies.clock.now());
  if (fault !== undefined) throw refusal(fault);
  if (payload['htm'] !== method) throw refusal('htm');
  if (!isFor(payload['htu'], path, dependencies.publicUrl)) throw refusal('htu');
  if (payload['ath'] !== createHash('sha256').update(accessToken).digest('base64url')) throw refusal('ath');
  idOf(payload);
  return { ...unverified, jwk };
}

function boundKeyOf({ jwk }: ProtectedHeaderParameters, keyThumbprint: string): JWK {
  if (typeof jwk !== 'object' || jwk === null) throw refusal('jwk');
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))) throw refusal('jwk');
  const thumbprint = jwkThumbprint(jwk);
  if (thumbprint === undefined) throw refusal('jwk');
  if (thumbprint !== keyThumbprint) throw refusal('key');
  return jwk;
}

interface Signed extends Pick<UnverifiedJwt, 'header'> {
  readonly jwk: JWK;
  readonly keyThumbprint: string;
}

/** Verifies the signature of a proof. Its claims are checked. */
async function verify(
  proof: string,
  { header, jwk, keyThumbprint }: Signed,
  { keys }: DpopProofDependencies,
): Promise<void> {
  const algorithm = header.alg ?? '';
  const found = keys.find(jwk, keyThumbprint, algorithm);
  if (typeof found === 'string') throw refusal(found);
  const end = proof.lastIndexOf('.');
  const signature = signatureOf(proof.slice(end + 1));
  const isRight = await keys.verify(found, keyThumbprint, {
    algorithm,
    input: Buffer.from(proof.slice(0, end)),
    signature,
  });
  if (!isRight) throw refusal('signature');
}

function signatureOf(encoded: string): Uint8Array {
  try {
    return base64url.decode(encoded);
  } catch {
    throw refusal('malformed');
  }
}

/** Verifies a proof whose header has extensions that must be understood (`crit`, RFC 7515, section 4.1.11): jose knows them. */
async function verifyWithExtensions(
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
