import type { ErrorCode } from '../../schemas/errors.js';
import { LANGUAGES, type Language } from '../../schemas/language.js';
import { Refusal } from '../../schemas/refusal.js';

/** Media types of an answer (GraphQL over HTTP, section 4). */
export type AnswerType = 'application/json' | 'application/graphql-response+json';

const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/** A well-formed request whose document or variables cannot be executed. */
const OF_THE_DOCUMENT: ReadonlySet<ErrorCode> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

const MAX_LANGUAGE_RANGES = 20;

/**
 * Accepts `application/json` in UTF-8 and nothing else. A browser asks the server before it sends
 * this type across sites, so no page can make its visitor send a request (CSRF).
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

/** Returns GraphQL's own type if the client accepts it, otherwise plain JSON. */
export function answerType(accept: string | undefined): AnswerType {
  // Most clients send no header, or name only plain JSON.
  if (accept === undefined || accept === 'application/json' || accept === '*/*') return 'application/json';
  const isAccepted = accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === GRAPHQL_RESPONSE && !parameters.some((parameter) => /^q\s*=\s*0(?:\.0*)?$/.test(parameter));
  });
  return isAccepted ? GRAPHQL_RESPONSE : 'application/json';
}

/**
 * Returns the status of a refused question. Clients older than `application/graphql-response+json`
 * ask for `application/json` alone. They get 200 for a fault of the document, because they take any
 * other status for one of an intermediary (GraphQL over HTTP, section 6.4.1). The body is the same.
 */
export function documentStatus({ code, status }: Pick<Refusal, 'code' | 'status'>, accept: string | undefined): number {
  return OF_THE_DOCUMENT.has(code) && asksForPlainJson(accept) ? 200 : status;
}

/** Returns whether a client names `application/json`, and not GraphQL's own type beside it. */
export function asksForPlainJson(accept: string | undefined): boolean {
  const types = (accept ?? '').split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase());
  return types.includes('application/json') && answerType(accept) === 'application/json';
}

/** Returns the language that a client prefers (RFC 9110, section 12.5.4); English if it names none of ours. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'en';
  const ranges = acceptLanguage.split(',').slice(0, MAX_LANGUAGE_RANGES).map(readRange);
  const wanted = ranges.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  for (const { tag } of wanted) {
    const found = LANGUAGES.find((language) => tag === language || tag.startsWith(`${language}-`));
    if (found !== undefined) return found;
  }
  return 'en';
}

function readRange(range: string): { tag: string; weight: number } {
  const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  return { tag, weight: /^[01](?:\.[0-9]{0,3})?$/.test(quality) ? Number(quality) : 0 };
}
