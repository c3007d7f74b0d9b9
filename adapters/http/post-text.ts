import type { FailureReason } from '../../schemas/failures/register-failure.js';
import type { Clock } from '../../schemas/ports/clock.js';
import {
  headerList,
  HttpFailure,
  type HeaderList,
  type HttpConnections,
  type HttpFailureKind,
  type HttpRequest,
  type HttpResponseHead,
} from '../../schemas/ports/http-client.js';
import { RegisterDeclined, RegisterFailure, type NumberedCall } from '../port.js';
import { connectionReason } from '../../schemas/failures/connection-reason.js';
import { compileContent, type ContentRules, type ReadContent } from './content.js';
import { readReply, type StatusMeaning, type TextReply } from './read-reply.js';
import { Unreadable } from './unreadable.js';

export interface TextClientOptions {
  readonly register: string;
  /** Connections to this register. The client closes them. */
  readonly connections: HttpConnections;
  /** Headers of every call: credentials, and the types that are sent and accepted. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly maxResponseBytes: number;
  readonly content: ContentRules;
}

/** A request, and what limits it. */
export interface Exchange {
  readonly method: HttpRequest['method'];
  readonly url: URL;
  /** The body. Undefined: the request has none. */
  readonly text: string | undefined;
  /** Which statuses are answers. By default 200, and 404 where that is an answer. */
  readonly meaningOf?: StatusMeaning | undefined;
  readonly requestId: string;
  /** The message that the text is, to be recorded when it is sent. */
  readonly message: NumberedCall;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  /** Aborted when the reply is no longer wanted: the connection is broken off. */
  readonly signal?: AbortSignal | undefined;
  /** Headers that many calls have, mostly as the same object: its list is made once. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Headers of this call alone. They come after the others. */
  readonly ownHeaders?: HeaderList | undefined;
  /** Checks the head of the reply before anything of its body is read. Throws `Unreadable` if it is no answer. */
  readonly inspect?: ((head: HttpResponseHead, sent: SentRequest) => void) | undefined;
}

/** A text that is posted. */
export interface TextCall extends Omit<Exchange, 'method' | 'text' | 'meaningOf'> {
  readonly text: string;
}

/** A request as it was sent. */
export interface SentRequest {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly target: string;
  /** In the order in which they were sent. The client's own (`Host`, `Connection`, `Content-Length`) are not in it. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Empty if there is none. */
  readonly body: string | Buffer;
}

/**
 * Sends text in UTF-8 and reads text. Resolves with the register's answers. Rejects with `RegisterFailure` for any other
 * reply. Follows no redirect, retries nothing. Takes gzip, counted by its size without compression. No error holds an
 * address, a body or a value.
 */
export interface TextClient {
  post(call: TextCall): Promise<TextReply>;
  exchange(call: Exchange): Promise<TextReply>;
  close(): void;
}

export function createTextClient(options: TextClientOptions): TextClient {
  const reading: ReadingOptions = {
    ...options,
    headersBefore: rememberingList(headerList({ ...options.headers, 'Accept-Encoding': 'gzip' })),
    readContent: compileContent(options.content),
    now: () => options.clock.now(),
  };
  return {
    // Written out: this runs for every message, and a spread takes several times as long.
    post: ({ url, text, requestId, message, deadline, signal, headers, ownHeaders, inspect }) =>
      exchange(
        { method: 'POST', url, text, requestId, message, deadline, signal, headers, ownHeaders, inspect },
        reading,
      ),
    exchange: (call) => exchange(call, reading),
    close: () => options.connections.close(),
  };
}

const COMMON_MEANING: StatusMeaning = (status) => (status === 200 || status === 404 ? 'text' : undefined);

interface ReadingOptions extends TextClientOptions {
  /** Returns the headers of every call and then those that many calls have. */
  readonly headersBefore: (headers: Exchange['headers']) => HeaderList;
  readonly readContent: ReadContent;
  readonly now: () => Date;
}

/** Returns a function that writes headers after the fixed ones. The headers of most calls are the same object. */
function rememberingList(fixed: HeaderList): ReadingOptions['headersBefore'] {
  let last: { readonly headers: Exchange['headers']; readonly list: HeaderList } = { headers: undefined, list: fixed };
  return (headers) => {
    if (last.headers !== headers)
      last = { headers, list: headers === undefined ? fixed : [...fixed, ...headerList(headers)] };
    return last.list;
  };
}

async function exchange(call: Exchange, options: ReadingOptions): Promise<TextReply> {
  const { connections, clock, readContent, maxResponseBytes, register, now } = options;
  const timeoutMs = call.deadline - clock.monotonic();
  const headers = headersOf(call, timeoutMs, options.headersBefore(call.headers));
  const { method, url, text, message, signal, inspect, meaningOf = COMMON_MEANING } = call;
  try {
    const reply = await connections.send({
      method,
      url,
      headers,
      body: text,
      timeoutMs,
      maxResponseBytes,
      signal,
      onSend: () => message.recordSent(),
      checkHead: inspect && ((head) => inspect(head, sentRequest(call, headers))),
    });
    message.recordAnswered();
    const read = readReply(reply, { meaningOf, readContent, maxResponseBytes, now });
    return read instanceof Promise ? await read : read;
  } catch (error) {
    throw failureOf(register, error);
  }
}

function headersOf({ requestId, ownHeaders }: Exchange, left: number, before: HeaderList): HeaderList {
  const list = ownHeaders === undefined ? before.slice() : before.concat(ownHeaders);
  list.push('X-Request-Id', requestId, 'X-Request-Deadline', String(Math.floor(left)));
  return list;
}

function sentRequest({ method, url, text }: Exchange, headers: HeaderList): SentRequest {
  return { method, target: url.pathname + url.search, headers: pairsOf(headers), body: text ?? '' };
}

function pairsOf(headers: HeaderList): SentRequest['headers'] {
  const pairs: [name: string, value: string][] = [];
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] ?? '', headers[at + 1] ?? '']);
  return pairs;
}

/** Returns the failure of a call that ended in this error of the HTTP client or of reading the reply. */
export function failureOf(register: string, error: unknown): unknown {
  if (error instanceof Unreadable)
    return error.isDeclined
      ? new RegisterDeclined(register, error.reason)
      : new RegisterFailure(register, error.reason, { retryAfterMs: error.retryAfterMs });
  if (!(error instanceof HttpFailure)) return error;
  return error.kind === 'cancelled'
    ? RegisterFailure.cancelled(register)
    : new RegisterFailure(register, reasonOf(error.kind, error.code), { cause: error.code });
}

function reasonOf(kind: Exclude<HttpFailureKind, 'cancelled'>, code: string | undefined): FailureReason {
  if (kind === 'transport') return connectionReason(code);
  return kind === 'timeout' && code !== undefined ? connectionReason(code) : REASONS[kind];
}

const REASONS: Readonly<Record<Exclude<HttpFailureKind, 'cancelled' | 'transport'>, FailureReason>> = {
  timeout: 'deadline',
  not_http: 'content_type',
  too_large: 'too_large',
};
