import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpConnections } from '../../schemas/ports/http-client.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Caller, Case } from '../../schemas/vocabulary.js';
import type { Config } from '../config/schema.js';
import type { TokenEvidence } from '../request.js';
import type { RequestProof } from '../request-proof.js';
import type { Credentials } from './credentials.js';
import type { IssuerKeysUnavailable } from './jwks.js';
import type { ProofKeys } from './proof-keys.js';
import { useAlone, type ReplayStore } from './replay.js';
import type { SeenProofs } from './seen-proofs.js';
import { createTokenProver, tokenIdHash } from './token-prover.js';
import type { Verification } from './verification-budget.js';
import { casePatterns } from './case-patterns.js';
import { createPurposeRule, type CaseRule } from './purpose.js';
import { createRegistry } from './registered-system.js';

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
  const { replay } = dependencies;
  const { authentication, environment, server } = dependencies.config;
  const prover = createTokenProver({
    ...dependencies,
    config: { environment, authentication },
    audience: authentication.audience,
    publicUrl: server.public_url,
  });
  const callerOf = createRegistry(authentication);
  const purposeOf = createPurposeRule(dependencies.needsCase, casePatterns(authentication.agencies));
  return {
    async authenticate(credentials, origin, assertMayAsk) {
      let registered: Caller | Refusal | undefined;
      const { token, proof: unspent } = await prover.prove(credentials, origin, (verified) => {
        registered = callerOrRefusal(() => callerOf(verified));
        if (!(registered instanceof Refusal)) assertMayAsk?.(registered);
      });
      try {
        registered ??= callerOf(token);
        if (registered instanceof Refusal) throw registered;
        return {
          caller: registered,
          ...purposeOf(registered.kind, token.details, credentials),
          token: { issuer: token.issuer, idHash: tokenIdHash(token), acr: token.acr },
          proof: unspent,
        };
      } catch (refusal) {
        await useAlone(unspent, replay);
        throw refusal;
      }
    },
    warmUp: () => prover.warmUp(),
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
