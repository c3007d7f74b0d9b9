import { possiblePermits } from '../../policies/decision/possible-grounds.js';
import type { PolicyText } from '../../policies/decision/policy-set.js';
import type { Purposes } from '../../policies/decision/purposes.js';
import { breachesIn } from '../config/located-config.js';
import type { RuleBreach } from '../config/rules/rule.js';
import type { Config } from '../config/schema.js';

/** What decides which agencies need a case system, beside the configuration. */
export interface CaseSourceParts {
  readonly purposes: Purposes;
  readonly policies: readonly PolicyText[];
}

type CheckedConfig = Pick<Config, 'authentication' | 'policies'>;

/**
 * Checks that every agency that the rules let use a purpose with `case: required` has a case system:
 * without one, none of its cases can be confirmed, and every question of that purpose is refused.
 *
 * @throws ConfigError with one problem for each such agency.
 */
export function checkCaseSources(config: CheckedConfig, parts: CaseSourceParts): void {
  const breaches = config.authentication.agencies.flatMap(({ id }) =>
    config.policies.nexus.sources[id] === undefined ? missingSource(id, config, parts) : [],
  );
  if (breaches.length > 0) throw breachesIn(config, breaches);
}

function missingSource(
  agency: string,
  { authentication }: CheckedConfig,
  { purposes, policies }: CaseSourceParts,
): readonly RuleBreach[] {
  for (const { client_id: system, kind, ...of } of authentication.systems) {
    if (kind === 'citizen' || of.agency !== agency) continue;
    for (const name of purposes.names) {
      const purpose = purposes.get(name);
      if (purpose?.caseRequired !== true) continue;
      const [rule] = possiblePermits(policies, purpose, { agency, system, kind });
      if (rule !== undefined)
        return [{ path: ['policies', 'nexus', 'sources', agency], problem: problemOf(system, name, rule) }];
    }
  }
  return [];
}

function problemOf(system: string, purpose: string, rule: string): string {
  return `is missing: the rule "${rule}" lets the system "${system}" use the purpose "${purpose}", which needs a case, and without the case system of its agency no case is open; set url and token_file here, or change the rule`;
}
