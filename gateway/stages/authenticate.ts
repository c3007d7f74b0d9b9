import type { Admission } from '../admission/admission.js';
import type { Authenticator } from '../auth/authenticator.js';
import type { Verification } from '../auth/verification-budget.js';
import type { Caller } from '../../schemas/vocabulary.js';
import { isWithdrawal, type Authenticated, type Received } from '../request.js';

export interface AuthenticateDependencies {
  readonly authenticator: Authenticator;
  readonly admission: Pick<Admission, 'assertMayAsk'>;
}

/** A named proxy has no limit of its own, so each of its requests counts by itself. */
function originOf({ source, isProxy, requestId, signal }: Received): Verification {
  return { party: isProxy === true ? requestId : source, signal };
}

/**
 * Verifies access token and proof of possession, and adds the caller, its one purpose and its case. The proof is used
 * later, with the first entry of the request. The caller of
 * a verified token that is beyond its rate is refused before the proof is verified: the refusal then costs no
 * signature and no statement in the database. Nothing is counted against the caller for it.
 */
export function authenticate(request: Received, dependencies: AuthenticateDependencies): Promise<Authenticated> {
  const { admission } = dependencies;
  return verified(request, dependencies, (caller) => admission.assertMayAsk(caller));
}

/** Authenticates an act on consents in the same way, but takes a withdrawal at any rate. */
export function authenticateConsent(request: Received, dependencies: AuthenticateDependencies): Promise<Authenticated> {
  return isWithdrawal(request) ? verified(request, dependencies) : authenticate(request, dependencies);
}

async function verified(
  request: Received,
  { authenticator }: AuthenticateDependencies,
  assertMayAsk?: (caller: Caller) => void,
): Promise<Authenticated> {
  const found = await authenticator.authenticate(request.http, originOf(request), assertMayAsk);
  const { caller, purpose, case: matter, token, proof } = found;
  request.connection.known();
  return { ...request, caller, purpose, case: matter, token, proof };
}
