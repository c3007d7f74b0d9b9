import { readPolicySet } from '../../../policies/decision/policy-set.js';
import { readRuleFiles } from '../../../policies/decision/rule-files.js';
import type { Config } from '../../config/schema.js';

/** Returns the law of a policy by its id, or undefined for a policy that the rules do not have any more. */
export type LawOf = (policy: string) => string | undefined;

/** Returns the laws that the rules of a configuration name. Ids of policies are in entries; their laws are not. */
export function readLaws({ policies }: Config): LawOf {
  const laws = new Map(readPolicySet(readRuleFiles(policies.rules).policies).map(({ id, law }) => [id, law]));
  return (policy) => laws.get(policy);
}
