import type { IncomingMessage } from 'node:http';
import { Unreadable } from '../http/read-reply.js';
import { namesIdentifier } from './identifiers.js';
import { requestHash, type SentRequest } from './request-hash.js';

/** What the reply must answer. */
export interface Asked {
  readonly id: string;
  readonly client: readonly string[];
  readonly service: readonly string[];
  readonly request: SentRequest;
}

/** RFC 9562. Anything else could be a text that somebody put there. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Checks that a reply answers this request and no other: id, client and service are ours, and the
 * request hash is that of what we sent. Returns the id under which the security servers keep the
 * exchange. Throws {@link Unreadable}: what is not proven to answer the request is no answer.
 */
export function checkReply(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { id, client, service, request }: Asked,
): string {
  const requestId = headerOf(headers, 'x-road-request-id');
  const answers =
    headerOf(headers, 'x-road-id') === id &&
    namesIdentifier(headerOf(headers, 'x-road-client'), client) &&
    namesIdentifier(headerOf(headers, 'x-road-service'), service) &&
    requestId !== undefined &&
    UUID.test(requestId) &&
    headerOf(headers, 'x-road-request-hash') === requestHash(request, requestId);
  if (!answers) throw new Unreadable('malformed');
  return requestId;
}

/** Throws {@link Unreadable} where an X-Road header comes twice: servers differ in which one they take. */
export function refuseDuplicates({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): void {
  const names = rawHeaders
    .filter((_, position) => position % 2 === 0)
    .map((name) => name.toLowerCase())
    .filter((name) => name.startsWith('x-road-'));
  if (new Set(names).size !== names.length) throw new Unreadable('malformed');
}

function headerOf(headers: IncomingMessage['headers'], name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
