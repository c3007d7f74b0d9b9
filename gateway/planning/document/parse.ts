import { GraphQLError, parse, type DocumentNode } from 'graphql';
import { Refusal } from '../../../schemas/refusal.js';

/** Limits before and while parsing. */
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

/** graphql-js gives both failures one class; with a limit that no text of this size can reach, only a syntax error is left. */
function tooManyTokens(text: string, maxTokens: number): boolean {
  try {
    parse(text, { maxTokens: maxTokens * 100 });
    return true;
  } catch {
    return false;
  }
}
