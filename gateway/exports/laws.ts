import { readFileSync } from 'node:fs';
import { policySetDigest } from '../../policies/decision/cedar-engine.js';
import { readPolicySet } from '../../policies/decision/policy-set.js';
import { parsePurposes } from '../../policies/decision/purposes.js';
import { readRuleFiles } from '../../policies/decision/rule-files.js';
import type { Config } from '../config/schema.js';

/**
 * Returns the law of a policy by its id, or undefined for a policy that the rules do not have any more. If the rules are
 * not those of an entry, by the digest of its policy set, the text says so.
 */
export type LawOf = (policy: string, policySet: string) => string | undefined;

/** Returns the laws that the rules of a configuration name. Ids of policies are in entries; their laws are not. */
export function readLaws({ policies }: Pick<Config, 'policies'>): LawOf {
  const rules = readRuleFiles(policies.rules);
  const laws = new Map(readPolicySet(rules.policies).map(({ id, law }) => [id, law]));
  const today = policySetDigest(rules, parsePurposes(policies.purposes, readFileSync(policies.purposes, 'utf8')));
  return (policy, policySet) => {
    const law = laws.get(policy);
    return law === undefined || policySet === today
      ? law
      : `${law} (as the rules of today say, not those of the entry)`;
  };
}
