import { Refusal } from '../../../schemas/refusal.js';
import type { Authorized, Planned } from '../../request.js';
import type { ConsentAllowed, ConsentWork } from '../plan/consents.js';
import { assertStateCurrent, type StateCurrentDependencies } from './state-current.js';

/**
 * Allows a citizen to act on the citizen's own consents. No other kind of token may. A withdrawal is taken in every
 * standing of the database.
 */
export async function authorizeConsent(
  request: Planned<ConsentWork>,
  dependencies: StateCurrentDependencies,
): Promise<Authorized<ConsentWork, ConsentAllowed>> {
  const { caller } = request;
  if (caller.kind !== 'citizen' || caller.person === undefined) throw new Refusal('CITIZEN_REQUIRED');
  assertAsked(request.work, caller.person);
  if (request.work.act !== 'withdraw') assertStateCurrent(dependencies);
  return { ...request, allowed: { person: caller.person }, subjects: [caller.person] };
}

/** Refuses a sealed request that was made for another person. */
function assertAsked(work: ConsentWork, person: string): void {
  if (work.act !== 'give' || work.terms.askedOf === undefined) return;
  if (work.terms.askedOf !== person) throw new Refusal('BAD_USER_INPUT', { reasons: ['request'] });
}
