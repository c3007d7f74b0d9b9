import { OWN_DATA } from '../auth/purpose.js';
import { acrValuesFor } from '../auth/assurance.js';
import { possiblePermits } from '../../policies/decision/possible-grounds.js';
import type { PolicyText } from '../../policies/decision/policy-set.js';
import type { Purpose, Purposes } from '../../policies/decision/purposes.js';
import { breachesIn } from '../config/located-config.js';
import type { SystemConfig } from '../config/parts/authentication.js';
import type { RuleBreach } from '../config/rules/rule.js';
import type { Config } from '../config/schema.js';

/** What decides which assurance issuers must reach, beside the configuration. */
export interface ReachableAssuranceParts {
  readonly purposes: Purposes;
  readonly policies: readonly PolicyText[];
}

type CheckedConfig = Pick<Config, 'authentication'>;

/**
 * Checks that people can sign in as surely as the purposes for which they act demand: citizens for their own data and
 * for consents, officers for what the rules let their system use. Without such an `acr` of their issuer, all of these
 * requests are refused.
 *
 * @throws ConfigError with one problem for each issuer.
 */
export function checkReachableAssurance(config: CheckedConfig, parts: ReachableAssuranceParts): void {
  const { issuers, systems } = config.authentication;
  const breaches = issuers.flatMap(({ issuer }, position): readonly RuleBreach[] => {
    for (const system of systems.filter((one) => (one.issuer ?? issuer) === issuer))
      for (const purpose of purposesOfPeople(system, parts))
        if (purpose.assurance !== 'none' && acrValuesFor(purpose.assurance, issuer, issuers).length === 0)
          return [{ path: ['authentication', 'issuers', position, 'assurance'], problem: problemOf(system, purpose) }];
    return [];
  });
  if (breaches.length > 0) throw breachesIn(config, breaches);
}

/** Returns the purposes for which a person may act who signs in at this system. */
function purposesOfPeople(
  { kind, client_id: system, agency }: SystemConfig,
  { purposes, policies }: ReachableAssuranceParts,
): readonly Purpose[] {
  const all = purposes.names.flatMap((name) => purposes.get(name) ?? []);
  if (kind === 'citizen') return all.filter(({ name, bases }) => name === OWN_DATA || bases.includes('consent'));
  if (kind !== 'officer' || agency === undefined) return [];
  return all.filter((purpose) => possiblePermits(policies, purpose, { agency, system, kind }).length > 0);
}

function problemOf({ client_id: system }: SystemConfig, { name, assurance }: Purpose): string {
  return `must map an \`acr\` of this issuer to ${assurance} or higher: the purpose "${name}" demands it of the people who sign in at "${system}", who are refused otherwise; map one here, or change \`assurance\` of the purpose`;
}
