import { errors, Pool, type Dispatcher } from 'undici';
import { codeOf } from '../error-code.js';
import { RegisterFailure, type RegisterFailureKind } from '../port.js';
import type { TextCall, TextClient, TextClientOptions } from './post-text.js';
import { collectBytes, toReply, Unreadable, type TextReply } from './read-reply.js';

/** Shorter than servers commonly keep an idle connection (Node: 5 s). */
const IDLE_MS = 4_000;

/**
 * A client of one register on `undici`, which costs half of what `node:http` does: for protocols in
 * which a reply is only its status, type and text. Promises what every {@link TextClient} does.
 */
export function createPooledTextClient(options: TextClientOptions): TextClient {
  const pools = new Map<string, Pool>();
  const fixed = Object.entries(options.headers).flat();
  return {
    post: (call) => post(call, poolOf(call.url.origin, pools, options), fixed, options),
    close: () => {
      for (const pool of pools.values()) void pool.destroy();
    },
  };
}

function poolOf(origin: string, pools: Map<string, Pool>, { maxSockets, tlsCa }: TextClientOptions): Pool {
  let pool = pools.get(origin);
  if (!pool) {
    // Each call keeps its own deadline. A register's answer is never taken for the next one's: no pipelining.
    pool = new Pool(origin, {
      connections: maxSockets,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(tlsCa === undefined ? {} : { connect: { ca: tlsCa } }),
    });
    pools.set(origin, pool);
  }
  return pool;
}

function post(call: TextCall, pool: Pool, fixed: readonly string[], options: TextClientOptions): Promise<TextReply> {
  const { register, clock } = options;
  const left = call.deadline - clock.monotonic();
  if (call.signal?.aborted) return Promise.reject(new RegisterFailure(register, 'cancelled'));
  if (left <= 0) return Promise.reject(new RegisterFailure(register, 'timeout'));
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(call, left, options, resolve, reject);
    const { pathname, search } = call.url;
    pool.dispatch(
      { method: 'POST', path: pathname + search, headers: headersOf(call, left, fixed), body: call.text },
      exchange,
    );
  });
}

function headersOf({ requestId, headers }: TextCall, left: number, fixed: readonly string[]): string[] {
  const own = headers === undefined ? [] : Object.entries(headers).flat();
  return [...fixed, ...own, 'X-Request-Id', requestId, 'X-Request-Deadline', String(Math.floor(left))];
}

/** One call under way; settles once. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: TextClientOptions;
  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (reply: TextReply) => void;
  readonly #reject: (failure: RegisterFailure) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void => this.#fail(new Unreadable('cancelled'));
  readonly #bytes: ReturnType<typeof collectBytes>;
  #controller: Dispatcher.DispatchController | undefined;
  #head: { readonly status: number; readonly headers: NodeJS.Dict<string | string[]> } | undefined;
  #settled = false;

  constructor(
    { signal }: TextCall,
    left: number,
    options: TextClientOptions,
    resolve: (reply: TextReply) => void,
    reject: (failure: RegisterFailure) => void,
  ) {
    this.#options = options;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#bytes = collectBytes(options.maxResponseBytes);
    this.#timer = setTimeout(() => this.#fail(new Unreadable('timeout')), left);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** A call that has ended while it waited for a connection is not sent any more. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Unreadable('cancelled'));
  }

  onRequestUpgrade(): void {
    this.#fail(new Unreadable('malformed'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: NodeJS.Dict<string | string[]>): void {
    // An informational answer is followed by the answer.
    if (status >= 200) this.#head = { status, headers };
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#bytes.add(chunk)) this.#fail(new Unreadable('malformed'));
  }

  onResponseEnd(): void {
    const { accepts, clock } = this.#options;
    try {
      if (!this.#head) throw new Unreadable('malformed');
      const reply = toReply(this.#head, this.#bytes.all(), { accepts, now: () => clock.now() });
      if (this.#settle()) this.#resolve(reply);
    } catch (error) {
      this.#fail(error);
    }
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: unknown): void {
    if (!this.#settle()) return;
    const retryAfterMs = error instanceof Unreadable ? error.retryAfterMs : undefined;
    // Not the error itself as cause: a parser's error carries what it could not parse.
    this.#reject(new RegisterFailure(this.#options.register, kindOf(error), { cause: codeOf(error), retryAfterMs }));
    this.#controller?.abort(new Unreadable('cancelled'));
  }

  /** False when the call has been settled before. */
  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }
}

const NO_HTTP = [errors.HTTPParserError, errors.HeadersOverflowError, errors.ResponseContentLengthMismatchError];

function kindOf(error: unknown): RegisterFailureKind {
  if (error instanceof Unreadable) return error.kind;
  // What came is not HTTP as registers speak it.
  return NO_HTTP.some((kind) => error instanceof kind) ? 'malformed' : 'transport';
}
