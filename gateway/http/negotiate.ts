import contentType from 'content-type';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import type { ErrorCode } from '../../schemas/errors.js';
import { LANGUAGES, type Language } from '../../schemas/language.js';
import { Refusal } from '../../schemas/refusal.js';

/** Media types of an answer (GraphQL over HTTP, section 4). */
export type AnswerType = 'application/json' | 'application/graphql-response+json';

const JSON_TYPE = 'application/json';
const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/** A well-formed request whose document or variables cannot be executed. */
const OF_THE_DOCUMENT: ReadonlySet<ErrorCode> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/** What most clients send; it needs no parsing. */
const COMMON_JSON: ReadonlySet<string> = new Set([JSON_TYPE, `${JSON_TYPE}; charset=utf-8`]);

/** A weight from 0 to 1 (RFC 9110, section 12.4.2). */
const WEIGHT = /^q\s*=\s*(0(?:\.\d*)?|1(?:\.0*)?)$/;

const MAX_LANGUAGE_RANGES = 20;
const WRONG_LANGUAGE_WEIGHT = /;\s*q=(?![01](?:\.[0-9]{0,3})?\s*(?:;|$))/i;

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
  if (!COMMON_JSON.has(headers['content-type'] ?? '')) assertJsonType(headers['content-type'] ?? '');
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { reasons: ['content_encoding'] });
}

function assertJsonType(header: string): void {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim());
  if (type.toLowerCase() !== JSON_TYPE) throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { reasons: ['content_type'] });
  if (!parameters.every(isUtf8)) throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { reasons: ['charset'] });
}

/** Checks one parameter. Each is parsed alone, because the parser keeps only the last of a repeated one. */
function isUtf8(parameter: string): boolean {
  if (parameter === '') return true;
  try {
    const { charset, ...others } = contentType.parse(`${JSON_TYPE};${parameter}`).parameters;
    return charset?.toLowerCase() === 'utf-8' && Object.keys(others).length === 0;
  } catch {
    return false;
  }
}

/**
 * Types chosen for the last headers. Clients write these headers, so their number is bounded; Node
 * bounds their length.
 */
const answerTypes = new LRUCache<string, AnswerType>({ max: 100, memoMethod: negotiatedType });

/**
 * Returns the type that the client prefers (RFC 9110, section 12.5.1): at equal weights GraphQL's own
 * if the client names it, otherwise plain JSON; plain JSON too if the client accepts neither.
 */
export function answerType(accept: string | undefined): AnswerType {
  // Most clients send no header, or name only plain JSON.
  if (accept === undefined || accept === JSON_TYPE || accept === '*/*') return JSON_TYPE;
  return answerTypes.memo(accept);
}

function negotiatedType(accept: string): AnswerType {
  const ranges = accept.split(',').map(rangeAndWeight);
  // Of two types with the same weight, negotiator prefers the first.
  const isGraphql = (range: string): boolean => range.startsWith(GRAPHQL_RESPONSE);
  const ordered = [...ranges.filter(isGraphql), ...ranges.filter((range) => !isGraphql(range))];
  const negotiator = new Negotiator({ headers: { accept: ordered.join(',') } });
  return negotiator.mediaType([JSON_TYPE, GRAPHQL_RESPONSE]) === GRAPHQL_RESPONSE ? GRAPHQL_RESPONSE : JSON_TYPE;
}

/** Returns a range with its weight and no other parameter, because our types have none. Ignores a malformed weight. */
function rangeAndWeight(range: string): string {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.map((parameter) => WEIGHT.exec(parameter)?.[1]).find((found) => found !== undefined);
  return weight === undefined ? type : `${type};q=${weight}`;
}

/**
 * Returns the status of a refused question. Clients older than `application/graphql-response+json`
 * ask for `application/json` alone. They get 200 for a fault of the document, because they take any
 * other status for one of an intermediary (GraphQL over HTTP, section 6.4.1). The body is the same.
 */
export function documentStatus({ code, status }: Pick<Refusal, 'code' | 'status'>, accept: string | undefined): number {
  return OF_THE_DOCUMENT.has(code) && asksForPlainJson(accept) ? 200 : status;
}

/** Returns whether a client names `application/json` and gets it. */
export function asksForPlainJson(accept: string | undefined): boolean {
  const types = (accept ?? '').split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase());
  return types.includes('application/json') && answerType(accept) === 'application/json';
}

/** Languages chosen for the last headers; bounded for the same reason. */
const languages = new LRUCache<string, Language>({ max: 100, memoMethod: negotiatedLanguage });

/** Returns the language that a client prefers (RFC 9110, section 12.5.4); English if it names none of ours. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  return acceptLanguage === undefined ? 'en' : languages.memo(acceptLanguage);
}

function negotiatedLanguage(acceptLanguage: string): Language {
  const ranges = acceptLanguage.split(',').slice(0, MAX_LANGUAGE_RANGES);
  const weighed = ranges.filter((range) => !WRONG_LANGUAGE_WEIGHT.test(range)).join(',');
  for (const tag of new Negotiator({ headers: { 'accept-language': weighed } }).languages()) {
    const [primary] = tag.toLowerCase().split('-', 1);
    const found = LANGUAGES.find((language) => language === primary);
    if (found !== undefined) return found;
  }
  return 'en';
}
