import type { HttpResponse } from '../../schemas/ports/http-client.js';

/**
 * Returns the value of a header. Several lines of one name are joined with commas (RFC 9110, section 5.3). A header that
 * has only one value, such as `Content-Type` or `Retry-After`, is then none that can be read: taking the first or the last
 * one would let two readers of an answer see two different ones.
 */
export function fieldValue(header: HttpResponse['headers'][string]): string | undefined {
  return typeof header === 'object' ? header.join(', ') : header;
}
