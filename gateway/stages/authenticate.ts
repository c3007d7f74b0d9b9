import type { Authenticator } from '../auth/authenticator.js';
import type { Authenticated, Received } from '../request.js';

export interface AuthenticateDependencies {
  readonly authenticator: Authenticator;
}

/** Verifies access token and proof of possession, and adds the caller, its one purpose and its case. */
export async function authenticate(
  request: Received,
  { authenticator }: AuthenticateDependencies,
): Promise<Authenticated> {
  const { caller, purpose, case: matter, token } = await authenticator.authenticate(request.http);
  request.connection.known();
  return { ...request, caller, purpose, case: matter, token };
}
