import { isIin } from '../../schemas/identifiers/iin.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Credentials } from '../auth/credentials.js';
import { useAlone, type ReplayStore } from '../auth/replay.js';
import type { TokenProver } from '../auth/token-prover.js';
import type { Verification } from '../auth/verification-budget.js';
import type { Officer, Officers } from './officer.js';

/** Finds the officer behind a request. */
export interface OfficerSignIn {
  /**
   * Resolves with the registered officer whose token and proof a request brings. The use of the proof is durable when it
   * resolves or refuses for the officer.
   *
   * @throws Refusal `UNAUTHENTICATED` or `INVALID_DPOP_PROOF` for token or proof, `OFFICER_NOT_REGISTERED`,
   * `AUDIT_UNAVAILABLE` if the use of the proof cannot be noted.
   */
  authenticate(
    credentials: Pick<Credentials, 'method' | 'path' | 'authorization' | 'dpop'>,
    origin: Verification,
  ): Promise<Officer>;
}

export interface OfficerSignInDependencies {
  readonly prover: Pick<TokenProver, 'prove'>;
  readonly officers: Pick<Officers, 'find'>;
  readonly replay: ReplayStore;
  /** Whether each token must say the officer's own number. */
  readonly needsNumber?: boolean;
}

/** An officer acts for no one and through no other: a token with an actor is none of an officer. */
export function createOfficerSignIn({
  prover,
  officers,
  replay,
  needsNumber = false,
}: OfficerSignInDependencies): OfficerSignIn {
  return {
    async authenticate(credentials, origin) {
      const { token, proof } = await prover.prove(credentials, origin);
      await useAlone(proof, replay);
      if (token.actor !== undefined) throw new Refusal('UNAUTHENTICATED', { reasons: ['token_act'] });
      const person = needsNumber ? numberOf(token.person) : undefined;
      const officer = officers.find({ issuer: token.issuer, subject: token.subject, person }, token.clientId);
      if (officer === undefined) throw new Refusal('OFFICER_NOT_REGISTERED');
      return officer;
    },
  };
}

/** Whose number is not known could search for themselves, so that a token without one is refused. */
function numberOf(claim: unknown): string {
  if (typeof claim === 'string' && isIin(claim)) return claim;
  throw new Refusal('UNAUTHENTICATED', { reasons: ['token_number'] });
}
