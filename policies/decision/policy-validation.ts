import * as cedar from './cedar.js';
import type { PolicyText } from './policy-set.js';
import { PolicyFileInvalid } from './policy-file-invalid.js';
import type { RuleFile } from './rule-files.js';

/** Words that the schema and the policies may use, from the rest of the installation. */
export interface KnownWords {
  readonly purposes: readonly string[];
  /** Names of all categories of the catalogue. */
  readonly categories: ReadonlySet<string>;
}

/**
 * Refuses a policy set that Cedar's validator or the installation's own words do not bear out.
 * Warnings count as errors: "this policy is impossible" means a rule that never applies.
 *
 * @throws {@link PolicyFileInvalid}
 */
export function validatePolicySet(schema: RuleFile, policies: readonly PolicyText[], known: KnownWords): void {
  assertCedarValid(schema, policies);
  assertSamePurposes(schema, known.purposes);
  for (const policy of policies) assertKnownCategories(policy, known.categories);
}

function assertCedarValid(schema: RuleFile, policies: readonly PolicyText[]): void {
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const answer = cedar.validate({
    schema: schema.text,
    policies: { staticPolicies },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') throw new PolicyFileInvalid({ file: schema.file, problem: join(answer.errors) });
  const [fault] = [...answer.validationErrors, ...answer.validationWarnings];
  if (fault !== undefined) throw new PolicyFileInvalid({ file: fault.policyId, problem: fault.error.message });
  if (answer.otherWarnings.length > 0)
    throw new PolicyFileInvalid({ file: schema.file, problem: join(answer.otherWarnings) });
}

function join(errors: readonly cedar.DetailedError[]): string {
  return errors.map(({ message }) => message).join('; ');
}

function assertSamePurposes(schema: RuleFile, purposes: readonly string[]): void {
  const declared = enumOf(schema, 'Purpose');
  const missing = purposes.find((name) => !declared.includes(name));
  if (missing !== undefined) throw new PolicyFileInvalid({ file: schema.file, problem: `Purpose lacks "${missing}"` });
  const surplus = declared.find((name) => !purposes.includes(name));
  if (surplus !== undefined)
    throw new PolicyFileInvalid({ file: schema.file, problem: `Purpose "${surplus}" is not in the purposes file` });
}

function enumOf(schema: RuleFile, type: string): readonly string[] {
  const answer = cedar.schemaToJson(schema.text);
  const entity = answer.type === 'success' ? answer.json['']?.entityTypes[type] : undefined;
  return entity !== undefined && 'enum' in entity ? entity.enum : [];
}

/** Categories carry attributes and so cannot be an enum of the schema; a misspelt one is caught here. */
function assertKnownCategories(policy: PolicyText, categories: ReadonlySet<string>): void {
  const unknown = categoriesNamed(policy.json).find((name) => !categories.has(name));
  if (unknown !== undefined)
    throw new PolicyFileInvalid({ file: policy.id, problem: `no register has the category "${unknown}"` });
}

function categoriesNamed(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('type' in node && node.type === 'Category' && 'id' in node && typeof node.id === 'string') return [node.id];
  return Object.values(node).flatMap(categoriesNamed);
}
