import { connectionReason } from '../schemas/failures/connection-reason.js';
import type { FailureReason } from '../schemas/failures/register-failure.js';
import { utf8Text } from '../schemas/utf8-text.js';
import { headerList, HttpFailure, type HttpConnections, type HttpFailureKind } from '../schemas/ports/http-client.js';

export type PostFailureKind =
  | 'timeout' // no response in time
  | 'transport' // refused, reset, cut off
  | 'failed' // a status other than 200
  | 'malformed'; // not in the form of the protocol, or too large

/** The cause of `failed`. */
export class UnexpectedStatus extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
    this.name = 'UnexpectedStatus';
  }
}

/** The error class of one source. An error never holds the question or the answer. */
export type PostFailure = new (
  kind: PostFailureKind,
  options: { readonly reason: FailureReason; readonly cause?: unknown },
) => Error;

export interface JsonPost {
  readonly url: URL;
  readonly token: string;
  readonly body: unknown;
  /** Limit of the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly connections: HttpConnections;
  /** The class of the error that the call rejects with. */
  readonly failure: PostFailure;
}

/**
 * Posts JSON and returns the text of a 200 response, which must be UTF-8. Follows no redirect and does not retry.
 *
 * Rejects with the given failure. Settles within the time limit and leaves nothing running.
 */
export async function postJson(post: JsonPost): Promise<string> {
  const { url, token, body, timeoutMs, maxBytes, connections, failure: Failure } = post;
  try {
    const response = await connections.send({
      method: 'POST',
      url,
      headers: headerList({
        'content-type': 'application/json; charset=utf-8',
        accept: 'application/json',
        authorization: `Bearer ${token}`,
      }),
      body: JSON.stringify(body),
      timeoutMs,
      maxResponseBytes: maxBytes,
      checkHead: ({ status }) => {
        if (status !== 200)
          throw new Failure('failed', { reason: statusReason(status), cause: new UnexpectedStatus(status) });
      },
    });
    const text = utf8Text(response.body);
    if (text === undefined) throw new Failure('malformed', { reason: 'text_invalid' });
    return text;
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    throw new Failure(KIND[error.kind], { reason: httpReason(error), cause: error });
  }
}

function statusReason(status: number): FailureReason {
  if (status === 401) return 'credentials_refused';
  if (status === 403) return 'access_refused';
  if (status === 429 || status === 503) return 'overloaded';
  return status >= 300 && status < 400 ? 'redirect_refused' : 'status_unexpected';
}

function httpReason({ kind, code }: HttpFailure): FailureReason {
  if (kind === 'not_http') return 'content_type';
  if (kind === 'too_large') return 'too_large';
  return kind === 'timeout' && code === undefined ? 'deadline' : connectionReason(code);
}

const KIND: Readonly<Record<HttpFailureKind, PostFailureKind>> = {
  timeout: 'timeout',
  // These calls have no signal, so that none is cancelled.
  cancelled: 'transport',
  transport: 'transport',
  not_http: 'transport',
  too_large: 'malformed',
};
