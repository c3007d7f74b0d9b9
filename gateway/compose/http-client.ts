import { errors, Pool, type Dispatcher } from 'undici';
import { codeOf } from '../../schemas/error-code.js';
import {
  HttpFailure,
  type ConnectionSettings,
  type HttpClient,
  type HttpConnections,
  type HttpRequest,
  type HttpResponse,
  type HttpResponseHead,
} from '../../schemas/ports/http-client.js';
import { CancelledBySignal, type Cancellable } from './cancelled-by-signal.js';
import { Connecting } from './connecting.js';

/** Shorter than servers commonly keep an idle connection (Node: 5 s), so that none is used that its server is closing. */
const IDLE_MS = 4_000;

/** Opens the connections to one origin. Tests pass another one. */
export type OpenOrigin = (origin: string, settings: ConnectionSettings) => OriginConnections;

export interface OriginConnections {
  /** What the connections have shown. Absent if nothing watches them. */
  readonly connecting?: Connecting;
  dispatch(options: OriginRequest, handler: Dispatcher.DispatchHandler): boolean;
  destroy(): Promise<void>;
}

type OriginRequest = Dispatcher.DispatchOptions & { readonly origin: string };

/**
 * The gateway's client: `undici`, one pool for each origin of each user. With four registers asked for one person by id
 * it takes a third less CPU for the whole request than `node:http` (docs/performance.md).
 */
export function createHttpClient(openOrigin: OpenOrigin = openPool): HttpClient {
  const cancelled = new CancelledBySignal();
  return { open: (settings) => openConnections(settings, openOrigin, cancelled) };
}

function openPool(origin: string, settings: ConnectionSettings): OriginConnections {
  const connecting = new Connecting();
  const pool = new Pool(origin, {
    connections: settings.maxConnections ?? null,
    // No response can be taken for that of the next request.
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    // Each request has a time limit of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: connecting.connector(tlsOf(settings)),
  });
  return {
    connecting,
    dispatch: (options, handler) => pool.dispatch(options, handler),
    destroy: () => pool.destroy(),
  };
}

function tlsOf({ tlsCa: ca, tlsClient: client, tlsServerName: servername }: ConnectionSettings): object {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
    ...(servername === undefined ? {} : { servername }),
  };
}

function openConnections(
  settings: ConnectionSettings,
  openOrigin: OpenOrigin,
  cancelled: CancelledBySignal,
): HttpConnections {
  const origins = new Map<string, OriginConnections>();
  const dispatcherOf = (origin: string): OriginConnections => {
    let dispatcher = origins.get(origin);
    if (dispatcher === undefined) origins.set(origin, (dispatcher = openOrigin(origin, settings)));
    return dispatcher;
  };
  return {
    send: (request) => send(request, dispatcherOf, cancelled),
    close: () => {
      for (const dispatcher of origins.values()) void dispatcher.destroy();
      origins.clear();
    },
  };
}

function send(
  request: HttpRequest,
  dispatcherOf: (origin: string) => OriginConnections,
  cancelled: CancelledBySignal,
): Promise<HttpResponse> {
  if (request.signal?.aborted === true) return Promise.reject(new HttpFailure('cancelled'));
  if (request.timeoutMs <= 0) return Promise.reject(new HttpFailure('timeout'));
  return new Promise((resolve, reject) => {
    const { method, url, headers, body } = request;
    const { origin } = url;
    const dispatcher = dispatcherOf(origin);
    const exchange = new Exchange(request, { resolve, reject, connecting: dispatcher.connecting, cancelled });
    const path = url.pathname + url.search;
    // undici reads the list and keeps no hold on it.
    dispatcher.dispatch({ origin, method, path, headers: headers as string[], body: body ?? null }, exchange);
  });
}

/** Codes of a connection that was closed without a word. */
const CUT: ReadonlySet<string | undefined> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** The code of the alert by which other servers say it. */
const CERTIFICATE_REFUSED = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';

interface ExchangeEnd {
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (error: unknown) => void;
  readonly connecting: Connecting | undefined;
  readonly cancelled: CancelledBySignal;
}

/** One request under way. It settles once. */
class Exchange implements Dispatcher.DispatchHandler, Cancellable {
  readonly #request: HttpRequest;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  /** The requests that its signal cancels. Undefined without a signal. */
  readonly #alike: Set<Cancellable> | undefined;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #head: HttpResponseHead | undefined;
  readonly #connecting: Connecting | undefined;
  #settled = false;

  constructor(request: HttpRequest, { resolve, reject, connecting, cancelled }: ExchangeEnd) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#connecting = connecting;
    this.#timer = setTimeout(() => this.#fail(this.#timedOut()), request.timeoutMs);
    this.#alike = request.signal && cancelled.add(this, request.signal);
  }

  cancel(): void {
    this.#fail(new HttpFailure('cancelled'));
  }

  /** Called before the request is written. Breaks off a request that ended while it waited for a connection. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) {
      controller.abort(new HttpFailure('cancelled'));
      return;
    }
    try {
      this.#request.onSend?.();
    } catch (error) {
      this.#fail(error);
    }
  }

  onRequestUpgrade(): void {
    this.#fail(new HttpFailure('transport'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: NodeJS.Dict<string | string[]>): void {
    // An informational response is followed by the final one.
    if (status < 200 || this.#settled) return;
    this.#head = { status, headers };
    this.#connecting?.answered();
    try {
      this.#request.checkHead?.(this.#head);
    } catch (error) {
      this.#fail(error);
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#request.maxResponseBytes) this.#fail(new HttpFailure('too_large'));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#head === undefined) this.#fail(new HttpFailure('transport'));
    else if (this.#settle())
      this.#resolve({ status: this.#head.status, headers: this.#head.headers, body: joined(this.#chunks) });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    // The parser's error carries what it could not parse, so it is not handed on as a cause.
    const isHttp = !NOT_HTTP.some((kind) => error instanceof kind);
    const code = codeOf(error);
    const isCertificate = this.#head === undefined && CUT.has(code) && this.#connecting?.seemsToRefuseCertificate;
    this.#fail(new HttpFailure(isHttp ? 'transport' : 'not_http', isCertificate ? CERTIFICATE_REFUSED : code));
  }

  /** Without a connection, the time went by while one was made. */
  #timedOut(): HttpFailure {
    const isConnecting = this.#controller === undefined && this.#connecting?.isConnected === false;
    return new HttpFailure('timeout', isConnecting ? 'ETIMEDOUT' : undefined);
  }

  #fail(error: unknown): void {
    if (!this.#settle()) return;
    this.#reject(error);
    this.#controller?.abort(new HttpFailure('cancelled'));
  }

  /** Returns false if the request was settled before. */
  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#alike?.delete(this);
    return true;
  }
}

const NOT_HTTP = [errors.HTTPParserError, errors.HeadersOverflowError, errors.ResponseContentLengthMismatchError];

function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
}
