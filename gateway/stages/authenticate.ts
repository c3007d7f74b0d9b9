import type { Authenticator } from '../auth/authenticator.js';
import type { Verification } from '../auth/verification-budget.js';
import type { Authenticated, Received } from '../request.js';

export interface AuthenticateDependencies {
  readonly authenticator: Authenticator;
}

/** A named proxy has no limit of its own, so each of its requests counts by itself. */
function originOf({ source, isProxy, requestId, signal }: Received): Verification {
  return { party: isProxy === true ? requestId : source, signal };
}

/** Verifies access token and proof of possession, and adds the caller, its one purpose and its case. */
export async function authenticate(
  request: Received,
  { authenticator }: AuthenticateDependencies,
): Promise<Authenticated> {
  const { caller, purpose, case: matter, token } = await authenticator.authenticate(request.http, originOf(request));
  request.connection.known();
  return { ...request, caller, purpose, case: matter, token };
}
