import { createHash } from 'node:crypto';
import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpConnections } from '../../schemas/ports/http-client.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Caller, Case } from '../../schemas/vocabulary.js';
import type { Config } from '../config/schema.js';
import type { TokenEvidence } from '../request.js';
import { ProofReplayed, RequestProof } from '../request-proof.js';
import { createAccessTokenVerifier, type AccessToken } from './access-token.js';
import { accessTokenOf, proofOf, type Credentials } from './credentials.js';
import { createDpopProofVerifier } from './dpop-proof.js';
import { createIssuerKeys, type IssuerKeysUnavailable } from './jwks.js';
import { casePatterns } from './case-patterns.js';
import { ProofKeys } from './proof-keys.js';
import { createPurposeRule, type CaseRule } from './purpose.js';
import { createRegistry } from './registered-system.js';
import { proofUse, useAlone, type ReplayStore } from './replay.js';
import { SeenProofs } from './seen-proofs.js';
import { createVerificationBudget, KEY_FETCHES, SIGNATURES, type Verification } from './verification-budget.js';
import { VerifiedTokens } from './verified-tokens.js';

/** The caller, its purpose and case, and the token that states them. */
export interface Authentication {
  readonly caller: Caller;
  readonly purpose: string;
  readonly case: Case | undefined;
  readonly token: TokenEvidence;
  /** Verified, and not used yet: no answer may leave before it is. */
  readonly proof: RequestProof;
}

export interface Authenticator {
  /**
   * Returns the caller, its one purpose and its case, from an access token and a proof of possession. A proof that this
   * replica has seen before is refused; whether another has, its use will tell. What is refused after the proof was
   * verified is refused once its use is durable.
   *
   * @param origin the source that sent them, which shares the budget for verifications with others.
   * @param assertMayAsk called with the caller of a verified token before its proof is verified. What it throws
   * ends the request early. It may refuse what the caller would be refused anyway, and do nothing else: the token
   * may be stolen.
   * @throws Refusal with a code and the rule that was broken; nothing of the token is in it.
   */
  authenticate(
    credentials: Credentials,
    origin: Verification,
    assertMayAsk?: (caller: Caller) => void,
  ): Promise<Authentication>;
  /** Fetches the issuers' keys now; returns the issuers whose keys cannot be used. Never rejects. */
  warmUp(): Promise<readonly IssuerKeysUnavailable[]>;
}

export interface AuthenticatorDependencies {
  readonly config: Pick<Config, 'environment' | 'authentication' | 'server'>;
  readonly replay: ReplayStore;
  /** What this replica has seen, whichever authenticator it was. Default: what this one has seen. */
  readonly seen?: Pick<SeenProofs, 'see' | 'forget'>;
  readonly clock: Clock;
  /** Connections to the issuers, for their keys. */
  readonly issuerConnections: HttpConnections;
  readonly needsCase: CaseRule;
  /** Verifies the signatures of proofs. Default: keys of its own. */
  readonly proofKeys?: Pick<ProofKeys, 'find' | 'verify'>;
}

/** Token, proof, first use, registration, purpose: each must hold, in this order. The proof is checked for every request. */
export function createAuthenticator(dependencies: AuthenticatorDependencies): Authenticator {
  const { clock, replay, seen = new SeenProofs(), proofKeys = new ProofKeys() } = dependencies;
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
    audience: authentication.audience,
    maxAgeSeconds: authentication.token_max_age_s,
    clockToleranceSeconds,
    keys,
    clock,
    budget: budgets,
  });
  const verifyProof = createDpopProofVerifier({
    publicUrl: dependencies.config.server.public_url,
    maxAgeSeconds: authentication.proof_max_age_s,
    clockToleranceSeconds,
    clock,
    budget: budgets.proofs,
    keys: proofKeys,
  });
  const callerOf = createRegistry(authentication);
  const purposeOf = createPurposeRule(dependencies.needsCase, casePatterns(authentication.agencies));
  return {
    async authenticate(credentials, origin, assertMayAsk) {
      const accessToken = accessTokenOf(credentials);
      // Several requests may wait for one verification, so it does not end with the first of them.
      const token = await tokens.get(accessToken, (unknown) => verifyToken(unknown, { party: origin.party }));
      const proofText = proofOf(credentials);
      const registered = callerOrRefusal(() => callerOf(token));
      if (!(registered instanceof Refusal)) assertMayAsk?.(registered);
      const { method, path } = credentials;
      const target = { method, path, accessToken, keyThumbprint: token.keyThumbprint };
      // The holder of a verified token does not wait among strangers.
      const client = { party: `${token.issuer} ${token.clientId}`, signal: origin.signal };
      const proof = await verifyProof(proofText, target, client);
      const use = proofUse(proof);
      if (!seen.see(use.hash)) throw new ProofReplayed();
      const unspent = RequestProof.unspent(use, () => seen.forget(use.hash));
      try {
        if (registered instanceof Refusal) throw registered;
        return {
          caller: registered,
          ...purposeOf(registered.kind, token.details, credentials),
          token: { issuer: token.issuer, idHash: idHash(token), acr: token.acr },
          proof: unspent,
        };
      } catch (refusal) {
        await useAlone(unspent, replay);
        throw refusal;
      }
    },
    warmUp: () => keys.warmUp(),
  };
}

/** Returns the refusal instead of throwing it: only those who prove the possession of a token are told about its caller. */
function callerOrRefusal(find: () => Caller): Caller | Refusal {
  try {
    return find();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function issuerKeys(
  { config, issuerConnections }: AuthenticatorDependencies,
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

/** An issuer is an address without a line feed, so that no two tokens give the same text. */
function idHash({ issuer, id }: AccessToken): string {
  return createHash('sha256').update(`${issuer}\n${id}`).digest('hex');
}
