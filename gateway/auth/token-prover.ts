import { createHash } from 'node:crypto';
import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpConnections } from '../../schemas/ports/http-client.js';
import type { Config } from '../config/schema.js';
import { ProofReplayed, RequestProof } from '../request-proof.js';
import { createAccessTokenVerifier, type AccessToken } from './access-token.js';
import { accessTokenOf, proofOf, type Credentials } from './credentials.js';
import { createDpopProofVerifier } from './dpop-proof.js';
import { createIssuerKeys, type IssuerKeysUnavailable } from './jwks.js';
import { ProofKeys } from './proof-keys.js';
import { proofUse } from './replay.js';
import { SeenProofs } from './seen-proofs.js';
import { createVerificationBudget, KEY_FETCHES, SIGNATURES, type Verification } from './verification-budget.js';
import { VerifiedTokens } from './verified-tokens.js';

/** An access token that was verified, and the proof that its sender holds its key. */
export interface ProvenToken {
  readonly token: AccessToken;
  /** Verified, and not used yet: no answer may leave before it is. */
  readonly proof: RequestProof;
}

/** Verifies the tokens and proofs of one address. Who the holder is, and what they may do, others decide. */
export interface TokenProver {
  /**
   * Resolves with the token of a request. A proof that this replica has seen before is refused; whether another has, its
   * use will tell.
   *
   * @param origin the source that sent them, which shares the budget for verifications with others.
   * @param whenVerified called with a verified token before its proof is verified. What it throws ends the request
   * early, so it does nothing else: the token may be stolen.
   * @throws Refusal with a code and the rule that was broken; nothing of the token is in it.
   */
  prove(
    credentials: Pick<Credentials, 'method' | 'path' | 'authorization' | 'dpop'>,
    origin: Verification,
    whenVerified?: (token: AccessToken) => void,
  ): Promise<ProvenToken>;
  /** Fetches the issuers' keys now; returns the issuers whose keys cannot be used. Never rejects. */
  warmUp(): Promise<readonly IssuerKeysUnavailable[]>;
}

export interface TokenProverDependencies {
  readonly config: Pick<Config, 'environment' | 'authentication'>;
  /** Exact `aud` of the tokens. */
  readonly audience: string;
  /** Name of the claim with the holder's own number. Default: `iin`. */
  readonly personClaim?: string | undefined;
  /** Origin that proofs must name. */
  readonly publicUrl: string;
  /** What this replica has seen. Default: what this prover has seen. */
  readonly seen?: Pick<SeenProofs, 'see' | 'forget'>;
  readonly clock: Clock;
  /** Connections to the issuers, for their keys. */
  readonly issuerConnections: HttpConnections;
  /** Verifies the signatures of proofs. Default: keys of its own. */
  readonly proofKeys?: Pick<ProofKeys, 'find' | 'verify'>;
}

/** Makes a verifier of tokens and proofs with budgets of its own. */
export function createTokenProver(dependencies: TokenProverDependencies): TokenProver {
  const { clock, audience, publicUrl, seen = new SeenProofs(), proofKeys = new ProofKeys() } = dependencies;
  const { authentication } = dependencies.config;
  const tokens = new VerifiedTokens(authentication.remembered_tokens, clock);
  const keys = issuerKeys(dependencies, () => tokens.clear());
  const budgets = {
    signatures: createVerificationBudget(SIGNATURES),
    keyFetches: createVerificationBudget(KEY_FETCHES),
    proofs: createVerificationBudget(SIGNATURES),
  };
  const clockToleranceSeconds = authentication.clock_tolerance_s;
  const verifyToken = createAccessTokenVerifier({
    issuers: authentication.issuers,
    audience,
    personClaim: dependencies.personClaim ?? 'iin',
    maxAgeSeconds: authentication.token_max_age_s,
    clockToleranceSeconds,
    keys,
    clock,
    budget: budgets,
  });
  const verifyProof = createDpopProofVerifier({
    publicUrl,
    maxAgeSeconds: authentication.proof_max_age_s,
    clockToleranceSeconds,
    clock,
    budget: budgets.proofs,
    keys: proofKeys,
  });
  return {
    async prove(credentials, origin, whenVerified) {
      const accessToken = accessTokenOf(credentials);
      // Several requests may wait for one verification, so it does not end with the first of them.
      const token = await tokens.get(accessToken, (unknown) => verifyToken(unknown, { party: origin.party }));
      const proofText = proofOf(credentials);
      whenVerified?.(token);
      const { method, path } = credentials;
      const target = { method, path, accessToken, keyThumbprint: token.keyThumbprint };
      // The holder of a verified token does not wait among strangers.
      const client = { party: `${token.issuer} ${token.clientId}`, signal: origin.signal };
      const proof = await verifyProof(proofText, target, client);
      const use = proofUse(proof);
      if (!seen.see(use.hash)) throw new ProofReplayed();
      return { token, proof: RequestProof.unspent(use, () => seen.forget(use.hash)) };
    },
    warmUp: () => keys.warmUp(),
  };
}

function issuerKeys(
  { config, issuerConnections }: TokenProverDependencies,
  onChanged: () => void,
): ReturnType<typeof createIssuerKeys> {
  const { issuers, jwks_timeout_ms, jwks_max_age_s } = config.authentication;
  return createIssuerKeys({
    issuers,
    environment: config.environment,
    timeoutMs: jwks_timeout_ms,
    maxAgeSeconds: jwks_max_age_s,
    connections: issuerConnections,
    onChanged,
  });
}

/**
 * Returns what names a token without holding it: SHA-256 of issuer, line feed and `jti`, hex. An issuer is an address
 * without a line feed, so that no two tokens give the same text.
 */
export function tokenIdHash({ issuer, id }: Pick<AccessToken, 'issuer' | 'id'>): string {
  return createHash('sha256').update(`${issuer}\n${id}`).digest('hex');
}
