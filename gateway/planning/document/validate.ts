import {
  GraphQLError,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { Refusal } from '../../../schemas/refusal.js';
import type { Answered } from './answered.js';
import type { Breath } from './breath.js';
import { refuseReserved } from './refuse-reserved.js';

/** graphql-js' own rules (GraphQL spec, section 5), each error marked with the rule that found it. */
const RULES: readonly ValidationRule[] = specifiedRules.map(marked);
const RULE = 'rule';
/**
 * Validates a document on the public schema, so that what it does not show cannot be asked for. The
 * refusal names the rule of the GraphQL specification and nothing of the document or the schema.
 * What is not answered, and names that the gateway keeps for itself, are refused too. With `breath`
 * it is called after each rule, and all of them take longer: the document is walked for each.
 */
export async function validateDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  answered: Answered,
  breath?: Breath,
): Promise<void> {
  refuseReserved(document, answered);
  if (breath === undefined) return obeyRules(schema, document, RULES);
  for (const rule of RULES) {
    obeyRules(schema, document, [rule]);
    await breath();
  }
}

function obeyRules(schema: GraphQLSchema, document: DocumentNode, rules: readonly ValidationRule[]): void {
  const [first] = validate(schema, document, rules, { maxErrors: 1 });
  if (first === undefined) return;
  const rule = first.extensions[RULE];
  // What no rule found is graphql-js giving up: too many fields under one name to compare.
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
