import {
  buildASTSchema,
  buildClientSchema,
  GraphQLError,
  parse,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { isObject } from '../../../schemas/objects.js';
import { DocumentFault, type DocumentFile } from '../reader.js';

/** More tokens than any published schema has, and few enough to be read in time. */
const MAX_TOKENS = 500_000;

/**
 * Reads a schema: SDL, or the JSON that an introspection query brings. Faults of types that are not used stay
 * unnoticed. Throws {@link DocumentFault}.
 */
export function readSchema({ bytes }: DocumentFile): GraphQLSchema {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  try {
    return text.trimStart().startsWith('{') ? ofIntrospection(text) : ofSdl(text);
  } catch (error) {
    if (error instanceof DocumentFault) throw error;
    const [at] = error instanceof GraphQLError ? (error.locations ?? []) : [];
    throw new DocumentFault(
      at === undefined ? '#' : `${at.line}:${at.column}`,
      `is no schema of GraphQL: ${error instanceof Error ? error.message : 'it cannot be read'}`,
    );
  }
}

function ofSdl(text: string): GraphQLSchema {
  return buildASTSchema(parse(text, { maxTokens: MAX_TOKENS }), { assumeValidSDL: true });
}

function ofIntrospection(text: string): GraphQLSchema {
  const read: unknown = parsed(text);
  const data = isObject(read) && isObject(read['data']) ? read['data'] : read;
  if (!isObject(data) || !isObject(data['__schema']))
    throw new DocumentFault('#', 'is JSON, and not what an introspection query brings: it has no __schema');
  return buildClientSchema(data as unknown as IntrospectionQuery, { assumeValid: true });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DocumentFault('#', 'is no JSON');
  }
}
