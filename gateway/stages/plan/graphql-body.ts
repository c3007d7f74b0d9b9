import { isObject } from '../../../schemas/objects.js';
import { Refusal } from '../../../schemas/refusal.js';

/**
 * A GraphQL request (GraphQL over HTTP, section 5.1 and appendix A). It has either a text or the id of
 * a trusted document.
 */
export interface GraphQLRequestBody {
  readonly query?: string;
  /** `sha256:<hex>` or a registered name. */
  readonly documentId?: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

const MEMBERS: ReadonlySet<string> = new Set(['query', 'documentId', 'operationName', 'variables', 'extensions']);
const MAX_ID = 200;
const MAX_NAME = 200;

/**
 * Returns a GraphQL request if its members are right. Null counts as absent. An unknown member is
 * refused, also one that looks like a known member but is written in another script, so that no part
 * of a request is silently ignored.
 *
 * @throws Refusal `BAD_REQUEST` with the member's name, `DOCUMENT_ID_AND_TEXT`, `BATCH_NOT_SUPPORTED`.
 */
export function readGraphqlBody(body: unknown): GraphQLRequestBody {
  if (Array.isArray(body)) throw new Refusal('BATCH_NOT_SUPPORTED');
  if (!isObject(body)) throw wrong('body');
  if (Object.keys(body).some((name) => !MEMBERS.has(name))) throw wrong('unknown_member');
  const query = text(body, 'query', Number.POSITIVE_INFINITY);
  const documentId = text(body, 'documentId', MAX_ID);
  if (query !== undefined && documentId !== undefined) throw new Refusal('DOCUMENT_ID_AND_TEXT');
  if (query === undefined && documentId === undefined) throw wrong('query');
  const operationName = text(body, 'operationName', MAX_NAME);
  const variables = object(body, 'variables');
  const extensions = object(body, 'extensions');
  return {
    ...(query === undefined ? {} : { query }),
    ...(documentId === undefined ? {} : { documentId }),
    ...(operationName === undefined ? {} : { operationName }),
    ...(variables === undefined ? {} : { variables }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}

function text(body: Readonly<Record<string, unknown>>, member: string, maxLength: number): string | undefined {
  const value = body[member] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length > maxLength) throw wrong(member);
  return value;
}

function object(
  body: Readonly<Record<string, unknown>>,
  member: string,
): Readonly<Record<string, unknown>> | undefined {
  const value = body[member] ?? undefined;
  if (value !== undefined && !isObject(value)) throw wrong(member);
  return value;
}

function wrong(reason: string): Refusal {
  return new Refusal('BAD_REQUEST', { reasons: [reason] });
}
