import type { HttpResponseHead } from '../../schemas/ports/http-client.js';
import type { SentRequest } from '../http/post-text.js';
import { Unreadable } from '../http/unreadable.js';
import { namesIdentifier } from './identifiers.js';
import { requestHash } from './request-hash.js';

/** The request that the reply must answer. */
export interface Asked {
  readonly id: string;
  readonly client: readonly string[];
  readonly service: readonly string[];
  readonly request: SentRequest;
}

/** RFC 9562. Another value could hold any text. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A reply to this request. */
export interface CheckedReply {
  /** The id under which the security servers keep the exchange. */
  readonly requestId: string;
  /** Whether the request hash is that of the request we sent. */
  readonly hasOurHash: boolean;
}

/**
 * Checks that a reply answers this request: id, client and service are ours. Says whether the request hash is that of
 * the request we sent. Throws {@link Unreadable} for any other reply.
 */
export function checkReply(
  { headers }: Pick<HttpResponseHead, 'headers'>,
  { id, client, service, request }: Asked,
): CheckedReply {
  const requestId = headerOf(headers, 'x-road-request-id');
  if (headerOf(headers, 'x-road-id') !== id) throw new Unreadable('correlation_mismatch');
  const isNamed =
    namesIdentifier(headerOf(headers, 'x-road-client'), client) &&
    namesIdentifier(headerOf(headers, 'x-road-service'), service) &&
    requestId !== undefined &&
    UUID.test(requestId);
  if (!isNamed) throw new Unreadable('xroad_header');
  return { requestId, hasOurHash: headerOf(headers, 'x-road-request-hash') === requestHash(request, requestId) };
}

/** Throws {@link Unreadable} if an X-Road header comes twice: servers differ in which one they take. */
export function refuseDuplicates({ headers }: Pick<HttpResponseHead, 'headers'>): void {
  const isRepeated = ([name, value]: readonly [string, unknown]): boolean =>
    name.startsWith('x-road-') && Array.isArray(value);
  if (Object.entries(headers).some(isRepeated)) throw new Unreadable('xroad_header');
}

function headerOf(headers: HttpResponseHead['headers'], name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
