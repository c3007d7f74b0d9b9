import { headerList, HttpFailure, type HttpConnections, type HttpResponse } from '../../schemas/ports/http-client.js';
import { AnchorFailure, type AnchorFailureReason } from './anchor.js';

/** More than any time stamp or cosignature has. */
const MAX_BYTES = 65_536;

export interface AnchorRequest {
  readonly url: URL;
  readonly type: string;
  readonly accept?: string;
  readonly body: string | Uint8Array;
  readonly timeoutMs: number;
}

/**
 * Sends a request to those outside, once. Resolves with the answer, with any status, unless it is a redirect. Rejects
 * with {@link AnchorFailure}.
 */
export async function postOutside(
  connections: HttpConnections,
  { url, type, accept, body, timeoutMs }: AnchorRequest,
): Promise<HttpResponse> {
  const response = await connections
    .send({
      method: 'POST',
      url,
      headers: headerList({ 'content-type': type, ...(accept === undefined ? {} : { accept }) }),
      body,
      timeoutMs,
      maxResponseBytes: MAX_BYTES,
    })
    .catch((error: unknown) => {
      throw new AnchorFailure(error instanceof HttpFailure ? REASONS[error.kind] : 'unreachable', error);
    });
  if (response.status >= 300 && response.status < 400) throw new AnchorFailure('redirected');
  return response;
}

const REASONS = {
  timeout: 'timeout',
  cancelled: 'unreachable',
  transport: 'unreachable',
  not_http: 'malformed',
  too_large: 'too_large',
} as const satisfies Record<HttpFailure['kind'], AnchorFailureReason>;

/** Returns the media type of a response in lower case, without parameters. */
export function mediaTypeOf({ headers }: HttpResponse): string | undefined {
  const type = headers['content-type'];
  return typeof type === 'string' ? type.split(';', 1)[0]?.trim().toLowerCase() : undefined;
}
