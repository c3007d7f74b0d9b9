import { Refusal } from '../../../schemas/refusal.js';
import type { Authorized, Planned } from '../../request.js';
import type { ConsentAllowed, ConsentTerms, ConsentWork } from '../plan/consents.js';
import type { ClosedToConsent } from '../../../policies/decision/consentable.js';
import { assertAnchored, type AnchoredDependencies } from './anchored.js';
import { assertAssurance, type AssuranceDependencies } from './assurance.js';
import { assertStateCurrent, type StateCurrentDependencies } from './state-current.js';

export interface AuthorizeConsentDependencies
  extends StateCurrentDependencies, AnchoredDependencies, AssuranceDependencies {
  readonly closedToConsent: ClosedToConsent;
}

/** Acts after which data may be disclosed that could not be before. */
const OPENING: ReadonlySet<ConsentWork['act']> = new Set(['give', 'confirm']);

/**
 * Allows a citizen to act on the citizen's own consents. No other kind of token may. A consent is given only after the
 * authentication that its purpose demands, and only for what it can open. A withdrawal is taken after any
 * authentication and in every standing of the database; so that the citizen finds it, the list is answered after any
 * authentication, too. What opens data, giving and confirming, stops while the log is unproven outside for too long.
 */
export async function authorizeConsent(
  request: Planned<ConsentWork>,
  dependencies: AuthorizeConsentDependencies,
): Promise<Authorized<ConsentWork, ConsentAllowed>> {
  const { caller } = request;
  if (caller.kind !== 'citizen' || caller.person === undefined) throw new Refusal('CITIZEN_REQUIRED');
  assertAsked(request.work, caller.person);
  if (request.work.act !== 'withdraw') assertStateCurrent(dependencies);
  if (OPENING.has(request.work.act)) assertAnchored(dependencies);
  if (request.work.act === 'give') assertMayConsent(request, request.work.terms, dependencies);
  return { ...request, allowed: { person: caller.person }, subjects: [caller.person] };
}

/** Refuses a sealed request that was made for another person. */
function assertAsked(work: ConsentWork, person: string): void {
  if (work.act !== 'give' || work.terms.askedOf === undefined) return;
  if (work.terms.askedOf !== person) throw new Refusal('BAD_USER_INPUT', { reasons: ['request'] });
}

/** Refuses a consent that no rule would use, and one given after too weak an authentication. */
function assertMayConsent(
  request: Planned<ConsentWork>,
  terms: ConsentTerms,
  dependencies: AuthorizeConsentDependencies,
): void {
  assertAssurance(request, terms.purpose, terms.categories, dependencies);
  const closed = dependencies.closedToConsent(terms);
  if (closed.length > 0) throw new Refusal('CONSENT_NOT_POSSIBLE', { reasons: closed, categories: closed });
}
