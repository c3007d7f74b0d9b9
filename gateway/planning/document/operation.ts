import { Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { Refusal } from '../../../schemas/refusal.js';

/** The operation that the name means; with one operation the name may be left out (GraphQL spec, section 6.1). */
export function pickOperation(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const found = name === undefined ? operations : operations.filter((operation) => operation.name?.value === name);
  const [operation] = found;
  if (operation === undefined || found.length > 1) throw new Refusal('OPERATION_RESOLUTION_FAILURE');
  return operation;
}
