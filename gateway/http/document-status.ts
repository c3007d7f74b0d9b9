import type { ErrorCode } from '../../schemas/errors.js';
import type { Refusal } from '../../schemas/refusal.js';
import { asksForPlainJson } from './negotiate.js';

/** A well-formed request with a document, or variables, that cannot be executed. */
const OF_THE_DOCUMENT: ReadonlySet<ErrorCode> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * Status of a refused question. Clients of before `application/graphql-response+json`, who ask for
 * `application/json` alone, get 200 for what is wrong with a document: they take other statuses for
 * an intermediary's (GraphQL over HTTP, section 6.4.1). What stands in the body is the same.
 */
export function documentStatus({ code, status }: Pick<Refusal, 'code' | 'status'>, accept: string | undefined): number {
  return OF_THE_DOCUMENT.has(code) && asksForPlainJson(accept) ? 200 : status;
}
