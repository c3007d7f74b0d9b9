import * as cedar from './cedar.js';
import { lineAt, lineOf, messageOf } from './cedar-errors.js';
import type { PolicyText } from './policy-set.js';
import { PolicyFileInvalid } from './policy-file-invalid.js';
import type { RuleSchema } from './rule-schema.js';

/**
 * Refuses policies that Cedar's strict validator faults, or that name a category which no register has.
 * A warning counts as an error: "this policy is impossible" means a rule that never applies.
 *
 * @throws {@link PolicyFileInvalid} with the file and line of the first fault.
 */
export function validatePolicySet(
  schema: RuleSchema,
  policies: readonly PolicyText[],
  categories: ReadonlySet<string>,
): void {
  assertCedarValid(schema, policies);
  for (const policy of policies) assertKnownCategories(policy, categories);
}

function assertCedarValid(schema: RuleSchema, policies: readonly PolicyText[]): void {
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const answer = cedar.validate({
    schema: schema.json,
    policies: { staticPolicies },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') throw new PolicyFileInvalid({ file: schema.file, problem: messageOf(answer.errors) });
  const [fault] = [...answer.validationErrors, ...answer.validationWarnings];
  if (fault !== undefined) throw faultIn(fault, policies);
  if (answer.otherWarnings.length > 0)
    throw new PolicyFileInvalid({ file: schema.file, problem: messageOf(answer.otherWarnings) });
}

function faultIn({ policyId, error }: cedar.ValidationError, policies: readonly PolicyText[]): PolicyFileInvalid {
  const policy = policies.find(({ id }) => id === policyId);
  if (policy === undefined) return new PolicyFileInvalid({ file: policyId, problem: error.message });
  const line = lineOf([error], policy.text) ?? 1;
  return new PolicyFileInvalid({ file: policy.file, line: policy.line + line - 1, problem: error.message });
}

/** A category has attributes, so that it cannot be an enum of the schema: a misspelt one is found here. */
function assertKnownCategories(policy: PolicyText, categories: ReadonlySet<string>): void {
  const unknown = categoriesNamed(policy.json).find((name) => !categories.has(name));
  if (unknown === undefined) return;
  const line = policy.line + lineAt(policy.text, policy.text.indexOf(JSON.stringify(unknown))) - 1;
  throw new PolicyFileInvalid({ file: policy.file, line, problem: `no register has the category "${unknown}"` });
}

function categoriesNamed(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('type' in node && node.type === 'Category' && 'id' in node && typeof node.id === 'string') return [node.id];
  return Object.values(node).flatMap(categoriesNamed);
}
