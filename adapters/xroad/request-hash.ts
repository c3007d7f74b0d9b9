import { createHash } from 'node:crypto';
import type { SentRequest } from '../http/post-text.js';

/**
 * Headers that a security server does not forward (PR-REST section 4.3, "Filtered headers";
 * RestMessage.SKIPPED_HEADERS).
 */
const FILTERED: ReadonlySet<string> = new Set([
  ...[
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-authorization',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ],
  ...['host', 'user-agent', 'server', 'expect', 'content-length', 'pragma'],
  ...['x-road-request-id', 'x-road-request-hash'],
]);

/**
 * Returns the `X-Road-Request-Hash`: base64 of SHA512(SHA512(headers) + SHA512(body)), or of SHA512(headers) without a
 * body (PR-REST, section 4.3). Only the reference implementation defines "headers" (nordic-institute/X-Road,
 * RestRequest.toByteArray): method, target, each header as `name:value`, without the filtered ones, and last the request
 * id of the client's security server. Every line ends in CRLF.
 */
export function requestHash({ method, target, headers, body }: SentRequest, requestId: string): string {
  let lines = `${method}\r\n${target}\r\n`;
  for (const [name, value] of headers) if (!FILTERED.has(name.toLowerCase())) lines += `${name}:${value}\r\n`;
  const head = sha512(`${lines}x-road-request-id:${requestId}\r\n`);
  const hash = body.length === 0 ? head : sha512(Buffer.concat([head, sha512(body)]));
  return hash.toString('base64');
}

function sha512(data: string | Buffer): Buffer {
  return createHash('sha512').update(data).digest();
}
