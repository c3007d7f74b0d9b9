import { Refusal } from '../../schemas/refusal.js';

/** Media types of an answer (GraphQL over HTTP, section 4). */
export type AnswerType = 'application/json' | 'application/graphql-response+json';

const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/**
 * Accepts `application/json` in UTF-8 and nothing else. A browser sends none of that across sites
 * without asking first, so no page can make its visitor send one (CSRF).
 *
 * @throws Refusal `UNSUPPORTED_MEDIA_TYPE`.
 */
export function assertJson(headers: {
  readonly 'content-type'?: string | undefined;
  readonly 'content-encoding'?: string | undefined;
}): void {
  const [type, ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { reasons: ['content_type'] });
  if (!parameters.every(isUtf8)) throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { reasons: ['charset'] });
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { reasons: ['content_encoding'] });
}

function isUtf8(parameter: string): boolean {
  return parameter === '' || /^charset\s*=\s*(?:utf-8|"utf-8")$/.test(parameter);
}

/** The type of the answer: GraphQL's own where the client accepts it, else plain JSON. */
export function answerType(accept: string | undefined): AnswerType {
  // Mostly nothing is said, or only what is sent anyway.
  if (accept === undefined || accept === 'application/json' || accept === '*/*') return 'application/json';
  const isAccepted = accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === GRAPHQL_RESPONSE && !parameters.some((parameter) => /^q\s*=\s*0(?:\.0*)?$/.test(parameter));
  });
  return isAccepted ? GRAPHQL_RESPONSE : 'application/json';
}

/** Whether a client names `application/json`, and not GraphQL's own type beside it. */
export function asksForPlainJson(accept: string | undefined): boolean {
  const types = (accept ?? '').split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase());
  return types.includes('application/json') && answerType(accept) === 'application/json';
}
