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
export type PostFailure = new (kind: PostFailureKind, options?: { cause?: unknown }) => Error;

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
        if (status !== 200) throw new Failure('failed', { cause: new UnexpectedStatus(status) });
      },
    });
    const text = utf8Text(response.body);
    if (text === undefined) throw new Failure('malformed');
    return text;
  } catch (error) {
    throw error instanceof HttpFailure ? new Failure(KIND[error.kind], { cause: error }) : error;
  }
}

const KIND: Readonly<Record<HttpFailureKind, PostFailureKind>> = {
  timeout: 'timeout',
  // These calls have no signal, so that none is cancelled.
  cancelled: 'transport',
  transport: 'transport',
  not_http: 'transport',
  too_large: 'malformed',
};
