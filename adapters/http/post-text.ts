import type { FailureReason } from '../../schemas/register-failure.js';
import type { Clock } from '../../schemas/ports/clock.js';
import {
  headerList,
  HttpFailure,
  type HeaderList,
  type HttpConnections,
  type HttpFailureKind,
  type HttpResponseHead,
} from '../../schemas/ports/http-client.js';
import { RegisterDeclined, RegisterFailure, type NumberedCall } from '../port.js';
import { connectionReason } from '../connection-reason.js';
import { readReply, Unreadable, type TextReply } from './read-reply.js';

export interface TextClientOptions {
  readonly register: string;
  /** Connections to this register. The client closes them. */
  readonly connections: HttpConnections;
  /** Headers of every call: credentials, and the types that are sent and accepted. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly maxResponseBytes: number;
  /** Whether a reply of this `Content-Type` is UTF-8 text of the protocol. */
  readonly accepts: (contentType: string) => boolean;
}

export interface TextCall {
  readonly url: URL;
  readonly text: string;
  readonly requestId: string;
  /** The message that the text is, to be recorded when it is sent. */
  readonly message: NumberedCall;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  /** Aborted when the reply is no longer wanted: the connection is broken off. */
  readonly signal?: AbortSignal | undefined;
  /** Headers of this call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Checks the head of the reply before anything of its body is read. Throws `Unreadable` if it is no answer. */
  readonly inspect?: (head: HttpResponseHead, sent: SentRequest) => void;
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
 * Posts text and reads text, both in UTF-8. Resolves with the register's answers: status 200, and 404 where that is an
 * answer. Rejects with `RegisterFailure` for any other reply. Follows no redirect, decodes no compression, retries
 * nothing. No error holds an address, a body or a value.
 */
export interface TextClient {
  post(call: TextCall): Promise<TextReply>;
  close(): void;
}

export function createTextClient(options: TextClientOptions): TextClient {
  const fixed = headerList(options.headers);
  return { post: (call) => post(call, fixed, options), close: () => options.connections.close() };
}

async function post(call: TextCall, fixed: HeaderList, options: TextClientOptions): Promise<TextReply> {
  const { connections, clock, accepts, maxResponseBytes, register } = options;
  const timeoutMs = call.deadline - clock.monotonic();
  const headers = headersOf(call, timeoutMs, fixed);
  const { url, text, message, signal, inspect } = call;
  try {
    const reply = await connections.send({
      method: 'POST',
      url,
      headers,
      body: text,
      timeoutMs,
      maxResponseBytes,
      signal,
      onSend: () => message.recordSent(),
      checkHead: inspect && ((head) => inspect(head, sentRequest(call, headers))),
    });
    return readReply(reply, { accepts, now: () => clock.now() });
  } catch (error) {
    throw failureOf(register, error);
  }
}

function headersOf({ requestId, headers }: TextCall, left: number, fixed: HeaderList): HeaderList {
  const own = headers === undefined ? [] : headerList(headers);
  return [...fixed, ...own, 'X-Request-Id', requestId, 'X-Request-Deadline', String(Math.floor(left))];
}

function sentRequest({ url, text }: TextCall, headers: HeaderList): SentRequest {
  return { method: 'POST', target: url.pathname + url.search, headers: pairsOf(headers), body: text };
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
