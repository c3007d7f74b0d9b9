/**
 * Calls over HTTP that the gateway makes: to registers, case systems, the list of protected people and issuers.
 *
 * Contract
 * - `open` returns the connections of one user. No other user shares them. It connects to nothing.
 * - `send` makes one attempt. It follows no redirect, decodes no compression and retries nothing. It resolves with every
 *   final response, with any status; informational responses are skipped.
 * - Time: `send` settles within `timeoutMs`. The wait for a free connection counts. Nothing is left running. Without
 *   time left it rejects with `timeout` and sends nothing.
 * - Size: a body of more than `maxResponseBytes` is `too_large`. Of an endless body no more than one chunk beyond the
 *   limit is read.
 * - Cancel: when `signal` is aborted, `send` rejects at once with `cancelled` and breaks off the connection. A request
 *   that still waits for a connection is never sent.
 * - Concurrency: `send` may run many times at once. At most `maxConnections` requests to one origin are under way; each
 *   has its connection to itself. Further ones wait.
 * - Connections are kept for the next request, for less time than servers commonly keep them idle (Node: 5 s).
 * - TLS: the certificate of an `https` server must be signed by `tlsCa`, or by an authority of the system without it.
 *   It must carry the name `tlsServerName`, or without it the host of the address. To a server that asks, the client
 *   shows `tlsClient`.
 * - Failure: rejects with {@link HttpFailure}, or with what `checkHead` threw. No error holds an address, a header or
 *   anything of a body.
 * - `close` breaks off what is under way. A request after `close` opens new connections.
 */
export interface HttpClient {
  open(settings: ConnectionSettings): HttpConnections;
}

export interface ConnectionSettings {
  /** To one origin. Without it there is no limit. */
  readonly maxConnections?: number | undefined;
  /** PEM of the authority that signs the server's certificate. Without it the system's authorities do. */
  readonly tlsCa?: string | undefined;
  /** Name that the server's certificate must carry. Without it the host of the address. */
  readonly tlsServerName?: string | undefined;
  /** PEM of the certificate with which the gateway shows who it is, and of its private key. Without them it shows none. */
  readonly tlsClient?: { readonly certificate: string; readonly key: string } | undefined;
}

export interface HttpConnections {
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): void;
}

/** Names and values in turns, as Node's `rawHeaders`. For a call of a register this takes less CPU than an object. */
export type HeaderList = readonly string[];

/** Returns the headers of an object as a list, in its order. */
export function headerList(headers: Readonly<Record<string, string>>): HeaderList {
  return Object.entries(headers).flat();
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  /** In the order in which they are sent. The client adds `Host`, `Connection` and `Content-Length` only. */
  readonly headers: HeaderList;
  /** A text is sent as UTF-8, bytes as they are. */
  readonly body?: string | Uint8Array | undefined;
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Aborted when the response is no longer wanted. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called once there is a connection, immediately before the first byte of the request is written. If it throws, nothing
   * is written and `send` rejects with that error. Never called for a request of which nothing is written.
   */
  readonly onSend?: (() => void) | undefined;
  /** Called before anything of the body is read. If it throws, the connection is broken off and `send` rejects with that error. */
  readonly checkHead?: ((head: HttpResponseHead) => void) | undefined;
}

export interface HttpResponseHead {
  readonly status: number;
  /** By name in lower case. A header that comes more than once is a list, in the order received. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface HttpResponse extends HttpResponseHead {
  /** As received: not decompressed, not decoded. */
  readonly body: Buffer;
}

export type HttpFailureKind =
  | 'timeout' // no complete response in time
  | 'cancelled' // the signal was aborted
  | 'transport' // refused, reset, cut off, no trusted certificate, switched protocols
  | 'not_http' // what came is not HTTP
  | 'too_large'; // the body is larger than the limit

/** A request that got no complete response. */
export class HttpFailure extends Error {
  readonly kind: HttpFailureKind;
  /** Code of the system's error (`ECONNREFUSED`), where there is one. A timeout with a code (`ETIMEDOUT`) got no connection. */
  readonly code: string | undefined;

  constructor(kind: HttpFailureKind, code?: string) {
    super(`HTTP request: ${kind}`);
    this.name = 'HttpFailure';
    this.kind = kind;
    this.code = code;
  }
}
