import { Kind, visit, type DocumentNode } from 'graphql';
import { Refusal } from '../../../schemas/refusal.js';
import { RESERVED_PREFIXES } from '../../../schemas/catalogue/lint/reserved-names.js';
import type { Answered } from './answered.js';

/** Variables of the operations that planner and gateway write for registers. */
const RESERVED_VARIABLE = /^(__|_internal|representations(_\d+)?$)/;

/**
 * Refuses what is not answered, whatever the schema says: subscriptions, where it is closed writing
 * and introspection, type systems, and names that would collide with keys and variables which the
 * gateway and the planner write themselves.
 */
export function refuseReserved(document: DocumentNode, { mutations, introspection }: Answered): void {
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
