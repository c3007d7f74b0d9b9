import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { HttpResponse } from '../../schemas/ports/http-client.js';
import { codeOf } from '../../schemas/error-code.js';
import { fieldValue } from './field-value.js';
import { Unreadable } from './unreadable.js';

const inflateGzip = promisify(gunzip);

/** Names of the one compression that is asked for (RFC 9110, section 8.4.1.3). */
const GZIP = /^(?:x-)?gzip$/i;

/** Returns the body of a response without its compression. Throws like {@link inflate}. */
export function inflated({ headers, body }: HttpResponse, maxBytes: number): Buffer | Promise<Buffer> {
  const encoding = fieldValue(headers['content-encoding']);
  if (encoding === undefined || body.length === 0 || /^\s*(?:identity)?\s*$/i.test(encoding)) return body;
  return inflate(body, encoding, maxBytes);
}

/**
 * Returns the body without its compression. No more than `maxBytes` are inflated. Throws {@link Unreadable}: `too_large`
 * for a larger one, `content_encoding` for another compression, and for a body that is not what its header says.
 */
async function inflate(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  if (!GZIP.test(encoding.trim())) throw new Unreadable('content_encoding');
  try {
    return await inflateGzip(body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw new Unreadable(codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : 'content_encoding');
  }
}
