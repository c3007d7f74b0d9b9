import { GraphQLError, parse, type DocumentNode, Kind, type OperationDefinitionNode } from 'graphql';
import { Refusal } from '../../../schemas/refusal.js';

/** Limits that are checked before and during parsing. */
export interface ParseLimits {
  /** UTF-8 bytes of a document. */
  readonly maxBytes: number;
  /** Lexical tokens. */
  readonly maxTokens: number;
}

/** Parses a document. Refuses with `QUERY_TOO_COMPLEX` or `GRAPHQL_PARSE_FAILED`; neither quotes the text. */
export function parseDocument(text: string, { maxBytes, maxTokens }: ParseLimits): DocumentNode {
  if (text.trim() === '') throw new Refusal('GRAPHQL_PARSE_FAILED', { reasons: ['empty'] });
  if (Buffer.byteLength(text) > maxBytes) throw new Refusal('QUERY_TOO_COMPLEX', { reasons: ['bytes'] });
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw tooManyTokens(text, maxTokens)
      ? new Refusal('QUERY_TOO_COMPLEX', { reasons: ['tokens'] })
      : new Refusal('GRAPHQL_PARSE_FAILED', { reasons: ['syntax'] });
  }
}

/**
 * True if the text fails only because it has too many tokens. graphql-js throws one class for both
 * failures, so the text is parsed again with a much higher limit: what fails then is a syntax error.
 */
function tooManyTokens(text: string, maxTokens: number): boolean {
  try {
    parse(text, { maxTokens: maxTokens * 100 });
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the operation with this name, or the only operation if no name is given (GraphQL spec,
 * section 6.1). Refuses with `OPERATION_RESOLUTION_FAILURE` if there is none, or more than one.
 */
export function pickOperation(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const found = name === undefined ? operations : operations.filter((operation) => operation.name?.value === name);
  const [operation] = found;
  if (operation === undefined || found.length > 1) throw new Refusal('OPERATION_RESOLUTION_FAILURE');
  return operation;
}
