import { isAtLeast } from '../../../schemas/assurance.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Assurance } from '../../../schemas/vocabulary.js';
import type { Authenticated } from '../../request.js';

export interface AssuranceDependencies {
  /** The least assurance with which a person may act for a purpose. */
  readonly leastAssurance: (purpose: string) => Assurance;
  /** The values of `acr` with which tokens of this issuer have at least this assurance. */
  readonly acrValuesFor: (least: Assurance, issuer: string) => readonly string[];
}

/**
 * Refuses a person whose authentication is weaker than a purpose demands. A system that acts for itself is no person,
 * and nothing is demanded of it.
 *
 * @param purpose the purpose that the person acts for; for a consent, the one that it is given for.
 * @param categories what stays closed by it, for the log.
 * @throws Refusal `ASSURANCE_TOO_LOW` with the values of `acr` that would do (RFC 9470).
 */
export function assertAssurance(
  { caller, token }: Pick<Authenticated, 'caller' | 'token'>,
  purpose: string,
  categories: readonly string[],
  { leastAssurance, acrValuesFor }: AssuranceDependencies,
): void {
  if (caller.kind !== 'citizen' && caller.kind !== 'officer') return;
  const least = leastAssurance(purpose);
  if (isAtLeast(caller.assurance, least)) return;
  throw new Refusal('ASSURANCE_TOO_LOW', {
    reasons: [`assurance_${least}`],
    categories,
    acrValues: acrValuesFor(least, token.issuer),
  });
}
