import { createHash } from 'node:crypto';
import * as cedar from './cedar.js';
import canonicalizeModule from 'canonicalize';
import type { Observer } from '../../schemas/ports/observer.js';
import { messageOf } from './cedar-errors.js';
import { cedarRequest, type CategorySensitivities, type CedarRequest } from './cedar-request.js';
import { PolicyFileInvalid } from './policy-file-invalid.js';
import { readPolicySet, type PolicyText } from './policy-set.js';
import { validatePolicySet } from './policy-validation.js';
import { mayApply, type KnownQuestion } from './may-apply.js';
import type { DecisionEngine, PolicyDecision, PolicyQuestion } from './port.js';
import { namesNoPerson } from './question-context.js';
import type { Purposes } from './purposes.js';
import type { RuleFiles } from './rule-files.js';
import { readRuleSchema, type RuleSchema } from './rule-schema.js';

// The package's module is the function itself; its types promise a default export inside it.
const canonicalize = canonicalizeModule as unknown as (content: unknown) => string | undefined;

export interface CedarEngineOptions {
  readonly rules: RuleFiles;
  readonly purposes: Purposes;
  /** Every category of the catalogue, with its sensitivity. */
  readonly categories: CategorySensitivities;
  readonly observer: Observer;
}

/** An engine, and the policies that it was made from, sorted by id. */
export interface CedarEngine extends DecisionEngine {
  readonly policies: readonly PolicyText[];
}

/**
 * Returns the decision engine on Cedar. Loading validates everything; `decide` never throws.
 *
 * Cedar skips a policy whose evaluation fails, and answers a malformed request with a `failure` and no
 * decision. Either could open what a skipped `forbid` closes. So the engine allows only when the answer
 * is a success, says `allow`, and no policy had an error.
 *
 * @throws PolicyFileInvalid when the rules cannot be used as they are.
 */
export function createCedarEngine(options: CedarEngineOptions): CedarEngine {
  const policies = readPolicySet(options.rules.policies);
  const schema = readRuleSchema(options.rules.schema, options.purposes.names);
  validatePolicySet(schema, policies, new Set(options.categories.keys()));
  const digest = digestOf(schema, policies, options.purposes);
  preparse(digest, schema, policies);
  const lawOf = new Map(policies.map(({ id, law }) => [id, law]));
  const takesNoPerson = namesNoPerson(schema);
  const permits = policies.filter(({ effect }) => effect === 'permit');

  return {
    digest,
    policies,
    mayAllow: (question) => {
      const known = knownOf(question);
      return permits.some(({ json }) => mayApply(json, known));
    },
    concernsPeople: (category) => {
      if (!takesNoPerson) return true;
      const sensitivity = options.categories.get(category)?.sensitivity;
      return sensitivity !== 'OPEN' && sensitivity !== 'OFFICIAL';
    },
    decide: (question) => {
      const decision = decide(digest, question, options.categories, lawOf);
      if (decision.errors.length > 0)
        options.observer.log('error', 'policy_evaluation_failed', { errors: decision.errors.join(' '), digest });
      return decision;
    },
  };
}

function knownOf({ caller, action, category, purpose, basis, nexus, age }: PolicyQuestion): KnownQuestion {
  const { agency, system, kind } = caller;
  const known = { access: action, category, purpose, basis, nexus, age };
  return kind === 'citizen' || agency === undefined
    ? known
    : { ...known, principal: { agency: agency.id, system, kind } };
}

function decide(
  digest: string,
  question: PolicyQuestion,
  categories: CategorySensitivities,
  lawOf: ReadonlyMap<string, string>,
): PolicyDecision {
  const request = cedarRequest(question, categories);
  return typeof request === 'string' ? failed([request]) : evaluateCedar(digest, request, lawOf);
}

/**
 * Evaluates a request by the policy set of this digest. Never throws. Exported for tests with requests
 * that {@link cedarRequest} never builds.
 */
export function evaluateCedar(
  digest: string,
  request: CedarRequest,
  lawOf: ReadonlyMap<string, string>,
): PolicyDecision {
  const answer = ask(digest, request);
  if (answer === undefined) return failed(['engine:failed']);
  if (answer.type !== 'success') return failed(['request:refused']);
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) return failed(diagnostics.errors.map(({ policyId }) => policyId).sort());
  const policies = [...diagnostics.reason].sort();
  return { allowed: decision === 'allow', policies, laws: policies.flatMap((id) => lawOf.get(id) ?? []), errors: [] };
}

function ask(digest: string, request: CedarRequest): cedar.AuthorizationAnswer | undefined {
  try {
    return cedar.statefulIsAuthorized({
      ...request,
      preparsedPolicySetId: digest,
      preparsedSchemaName: digest,
      validateRequest: true,
    });
  } catch {
    return undefined;
  }
}

function failed(errors: readonly string[]): PolicyDecision {
  return { allowed: false, policies: [], laws: [], errors };
}

/** Preparses schema and policies. Their names are global to the process: the digest as name keeps two engines apart. */
function preparse(digest: string, schema: RuleSchema, policies: readonly PolicyText[]): void {
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const answers = [cedar.preparseSchema(digest, schema.json), cedar.preparsePolicySet(digest, { staticPolicies })];
  for (const answer of answers) {
    if (answer.type === 'failure')
      throw new PolicyFileInvalid({
        file: schema.file,
        problem: messageOf(answer.errors),
      });
  }
}

/** Returns the digest of the policy set that these rules and purposes make: that of an engine over them. */
export function policySetDigest(rules: RuleFiles, purposes: Purposes): string {
  return digestOf(readRuleSchema(rules.schema, purposes.names), readPolicySet(rules.policies), purposes);
}

/** Hashes what decides: schema, policies (by id) and purposes, without comments and layout. */
function digestOf(schema: RuleSchema, policies: readonly PolicyText[], purposes: Purposes): string {
  const content = {
    schema: schema.json,
    policies: policies.map(({ id, json }) => ({ id, json })),
    purposes: purposes.names.map((name) => purposes.get(name)),
  };
  return createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex');
}
