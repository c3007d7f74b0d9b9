import {
  GraphQLError,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationContext,
  type ValidationRule,
  Kind,
  visit,
} from 'graphql';
import { Refusal } from '../../../schemas/refusal.js';
import type { YieldToEventLoop } from './limits.js';
import { RESERVED_PREFIXES } from '../../../schemas/catalogue/lint/reserved-names.js';

/** Which operations are allowed in addition to queries for data. Subscriptions are never allowed. */
export interface AllowedOperations {
  readonly mutations: boolean;
  /** `__schema` and `__type` (GraphQL spec, section 4.2). */
  readonly introspection: boolean;
}

/** For governed documents: no mutations and no introspection, because introspection lists everything that can be asked. */
export const QUERIES_ONLY: AllowedOperations = { mutations: false, introspection: false };

/** For a gateway that governs nothing (`--ungoverned`). */
export const EVERYTHING_BUT_SUBSCRIPTIONS: AllowedOperations = { mutations: true, introspection: true };

/** graphql-js' own rules (GraphQL spec, section 5), each error marked with the rule that found it. */
const RULES: readonly ValidationRule[] = specifiedRules.map(marked);
const RULE = 'rule';
/**
 * Validates a document on the public schema, so that fields which it does not show cannot be asked
 * for. The refusal names the broken rule of the GraphQL specification, and nothing of the document or
 * the schema.
 * Operations that are not allowed, and reserved names, are refused too. With
 * `yieldToEventLoop`, one rule is checked at a time and other requests run after each. That takes
 * longer in all, because the document is visited once for each rule.
 */
export async function validateDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  allowedOperations: AllowedOperations,
  yieldToEventLoop?: YieldToEventLoop,
): Promise<void> {
  refuseReserved(document, allowedOperations);
  if (yieldToEventLoop === undefined) return obeyRules(schema, document, RULES);
  for (const rule of RULES) {
    obeyRules(schema, document, [rule]);
    await yieldToEventLoop();
  }
}

function obeyRules(schema: GraphQLSchema, document: DocumentNode, rules: readonly ValidationRule[]): void {
  const [first] = validate(schema, document, rules, { maxErrors: 1 });
  if (first === undefined) return;
  const rule = first.extensions[RULE];
  // An error of no rule: graphql-js stops when it would have to compare too many fields under one name.
  if (typeof rule !== 'string') throw new Refusal('QUERY_TOO_COMPLEX', { reasons: ['comparisons'] });
  throw new Refusal('GRAPHQL_VALIDATION_FAILED', { reasons: [rule] });
}

function marked(rule: ValidationRule): ValidationRule {
  const name = rule.name.replace(/Rule$/, '');
  return (context) => {
    const reportError = (error: GraphQLError): void =>
      context.reportError(
        new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { [RULE]: name } }),
      );
    return rule(Object.create(context, { reportError: { value: reportError } }) as ValidationContext);
  };
}

/** Names of variables in the operations that the planner and the gateway write for registers. */
const RESERVED_VARIABLE = /^(__|_internal|representations(_\d+)?$)/;

/**
 * Refuses operations that are not allowed, even if the schema has them: subscriptions, mutations and
 * introspection unless `allowedOperations` has them. Also refuses type system definitions, and names
 * that would collide with keys and variables that the gateway and the planner write themselves.
 */
export function refuseReserved(document: DocumentNode, { mutations, introspection }: AllowedOperations): void {
  visit(document, {
    enter: (node) => (isTypeSystem(node.kind) ? refuse('type_system_definition') : undefined),
    OperationDefinition: ({ operation }) =>
      operation === 'query' || (operation === 'mutation' && mutations) ? undefined : refuse(operation),
    VariableDefinition: ({ variable }) =>
      RESERVED_VARIABLE.test(variable.name.value) ? refuse('reserved_variable') : undefined,
    Field: ({ name, alias }) => {
      if (!introspection && (name.value === '__schema' || name.value === '__type')) return refuse('introspection');
      return isReserved(alias?.value) ? refuse('reserved_alias') : undefined;
    },
  });
}

function refuse(reason: string): never {
  throw new Refusal('GRAPHQL_VALIDATION_FAILED', { reasons: [reason] });
}

function isReserved(alias: string | undefined): boolean {
  return (
    alias !== undefined && (alias.startsWith('__') || RESERVED_PREFIXES.some((prefix) => alias.startsWith(prefix)))
  );
}

const EXECUTABLE: ReadonlySet<string> = new Set([
  Kind.OPERATION_DEFINITION,
  Kind.FRAGMENT_DEFINITION,
  Kind.VARIABLE_DEFINITION,
]);

function isTypeSystem(kind: string): boolean {
  return /Definition$|Extension$/.test(kind) && !EXECUTABLE.has(kind);
}
