import { Agent as HttpAgent, request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

export type PostFailureKind =
  | 'timeout' // no response in time
  | 'transport' // refused, reset, cut off
  | 'failed' // a status other than 200
  | 'malformed'; // not in the form of the protocol, or too large

/** The error class of one source. An error never holds the question or the answer. */
export type PostFailure = new (kind: PostFailureKind, options?: { cause?: unknown }) => Error;

export interface JsonPost {
  readonly url: URL;
  readonly token: string;
  readonly body: unknown;
  /** Limit of the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly connections: Connections;
  /** The class of the error that the call rejects with. */
  readonly failure: PostFailure;
}

/** Connections kept open for the next call. */
export interface Connections {
  agentFor(url: URL): HttpAgent | HttpsAgent;
  close(): void;
}

/** Shorter than servers commonly keep an idle connection (Node: 5 s), so that a call never uses a connection that the server is closing. */
const IDLE_MS = 4_000;

export function createConnections(): Connections {
  const settings = { keepAlive: true, scheduling: 'lifo', timeout: IDLE_MS } as const;
  const plain = new HttpAgent(settings);
  const secure = new HttpsAgent(settings);
  return {
    agentFor: ({ protocol }) => (protocol === 'https:' ? secure : plain),
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

/**
 * Posts JSON and returns the text of a 200 response. Follows no redirect and does not retry.
 *
 * Rejects with the given failure. Settles within the time limit and leaves nothing running.
 */
export function postJson(post: JsonPost): Promise<string> {
  const { failure: Failure } = post;
  return new Promise((resolve, reject) => {
    const call = open(post);
    const timer = setTimeout(() => end(new Failure('timeout')), post.timeoutMs);
    const end = (failure: Error): void => {
      clearTimeout(timer);
      reject(failure);
      call.destroy();
    };
    call.on('error', (cause) => end(new Failure('transport', { cause })));
    call.on('response', (response) => {
      if (response.statusCode !== 200) return end(new Failure('failed'));
      collect(response, post, end, (text) => {
        clearTimeout(timer);
        resolve(text);
      });
    });
    call.end(JSON.stringify(post.body));
  });
}

function open({ url, token, connections }: JsonPost): ClientRequest {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    accept: 'application/json',
    authorization: `Bearer ${token}`,
  };
  const options = { method: 'POST', headers, agent: connections.agentFor(url) } as const;
  return url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
}

function collect(
  response: IncomingMessage,
  { maxBytes, failure: Failure }: JsonPost,
  fail: (failure: Error) => void,
  done: (text: string) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) return fail(new Failure('malformed'));
    chunks.push(chunk);
  });
  response.on('error', (cause) => fail(new Failure('transport', { cause })));
  response.on('close', () =>
    response.complete ? done(Buffer.concat(chunks).toString('utf8')) : fail(new Failure('transport')),
  );
}
