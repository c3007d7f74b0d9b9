import { Kind, specifiedRules, validate, visit, type DocumentNode, type GraphQLSchema } from 'graphql';
import { Refusal } from '../../schemas/refusal.js';
import { RESERVED_PREFIXES } from '../../schemas/catalogue/lint/reserved-names.js';

/**
 * Validates a document on the public schema (GraphQL spec, section 5). The refusal names the place
 * and nothing of the document or of the schema's hidden parts. Introspection, mutations,
 * subscriptions and names that the gateway keeps for itself are refused too.
 */
export function validateDocument(schema: GraphQLSchema, document: DocumentNode): void {
  refuseReserved(document);
  const [first] = validate(schema, document, specifiedRules, { maxErrors: 1 });
  if (first === undefined) return;
  const [at] = first.locations ?? [];
  throw new Refusal('GRAPHQL_VALIDATION_FAILED', { reasons: [at === undefined ? 'document' : `line ${at.line}, column ${at.column}`] });
}

function refuseReserved(document: DocumentNode): void {
  const refuse = (reason: string): never => {
    throw new Refusal('GRAPHQL_VALIDATION_FAILED', { reasons: [reason] });
  };
  visit(document, {
    OperationDefinition: ({ operation }) => (operation === 'query' ? undefined : refuse(operation)),
    Field: ({ name, alias }) => {
      if (name.value === '__schema' || name.value === '__type') return refuse('introspection');
      return isReserved(alias?.value) ? refuse('reserved_alias') : undefined;
    },
    enter: (node) => (isTypeSystem(node.kind) ? refuse('type_system_definition') : undefined),
  });
}

function isReserved(alias: string | undefined): boolean {
  return alias !== undefined && (alias.startsWith('__') || RESERVED_PREFIXES.some((prefix) => alias.startsWith(prefix)));
}

const EXECUTABLE: ReadonlySet<string> = new Set([Kind.OPERATION_DEFINITION, Kind.FRAGMENT_DEFINITION]);

function isTypeSystem(kind: string): boolean {
  return /Definition$|Extension$/.test(kind) && !EXECUTABLE.has(kind) && kind !== Kind.VARIABLE_DEFINITION;
}
