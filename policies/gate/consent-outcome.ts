import type { Grant, Withheld } from '../../schemas/ports/gate.js';
import type { ConsentState } from '../consent/port.js';
import type { Permission } from '../decision/port.js';

/** The grant by a consent in force, or the code for the agency that is party to the agreement. */
export type ConsentOutcome =
  { readonly grant: Grant } | { readonly missing: Exclude<Withheld['code'], 'POLICY_DENIED'> };

const CODES = {
  withdrawn: 'CONSENT_WITHDRAWN',
  suspended: 'CONSENT_SUSPENDED',
  expired: 'CONSENT_EXPIRED',
  outgrown: 'CONSENT_REQUIRED',
} as const;

/**
 * Returns the outcome for a category that consent can open. `states` are those of one subject for this
 * agency, purpose and case, the latest first.
 */
export function consentOutcome(
  category: string,
  permission: Permission,
  states: readonly ConsentState[],
): ConsentOutcome {
  const covering = states.filter(({ categories }) => categories.includes(category));
  const given = covering.find(({ status }) => status === 'given');
  if (given !== undefined) {
    return {
      grant: {
        basis: 'consent',
        policies: permission.policies,
        claim: { consentId: given.consentId, revision: given.revision },
      },
    };
  }
  const [latest] = covering;
  return { missing: latest === undefined || latest.status === 'given' ? 'CONSENT_REQUIRED' : CODES[latest.status] };
}
