import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Clock } from '../../schemas/ports/clock.js';
import { codeOf } from '../error-code.js';
import { RegisterFailure, type RegisterFailureKind } from '../port.js';
import { readReply, Unreadable, type TextReply } from './read-reply.js';

export interface TextClientOptions {
  readonly register: string;
  /** Headers of every call: credentials, and what is sent and accepted. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly maxSockets: number;
  readonly maxResponseBytes: number;
  /** Whether a reply of this `Content-Type` is of the protocol; what it names is UTF-8 text. */
  readonly accepts: (contentType: string) => boolean;
  /** PEM of the authority that signs the server's certificate; the system's authorities without it. */
  readonly tlsCa?: string | undefined;
}

export interface TextCall {
  readonly url: URL;
  readonly text: string;
  readonly requestId: string;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  /** Aborted when nobody waits for the reply any more: the connection is broken off. */
  readonly signal?: AbortSignal | undefined;
  /** Headers of this call. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call whose reply is more to its protocol than status, type and text. */
export interface InspectedTextCall extends TextCall {
  /** Looks at the head of the reply before anything of it is taken; throws `Unreadable` when it is no answer. */
  readonly inspect?: (response: IncomingMessage, request: ClientRequest) => void;
}

/**
 * Posts text and reads text, UTF-8 both. Resolves with the register's answers (200, and 404 where
 * that is one); rejects with `RegisterFailure` for everything else. Follows no redirect, decodes no
 * compression, tries nothing twice, and no error of it holds an address, a body or a value.
 */
export interface TextClient<Call extends TextCall = TextCall> {
  post(call: Call): Promise<TextReply>;
  close(): void;
}

/** Shorter than servers commonly keep an idle connection (Node: 5 s), so that none is used which its server is just closing. */
const IDLE_MS = 4_000;

/** A client of one register on `node:http(s)`, connections kept alive. */
export function createTextClient(options: TextClientOptions): TextClient<InspectedTextCall> {
  const settings = { keepAlive: true, maxSockets: options.maxSockets, scheduling: 'lifo', timeout: IDLE_MS } as const;
  const plain = new HttpAgent(settings);
  const secure = new HttpsAgent({ ...settings, ca: options.tlsCa });
  return {
    post: (call) => post(call, call.url.protocol === 'https:' ? secure : plain, options),
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

function post(call: InspectedTextCall, agent: HttpAgent | HttpsAgent, options: TextClientOptions): Promise<TextReply> {
  const { register, clock, maxResponseBytes, accepts } = options;
  const left = call.deadline - clock.monotonic();
  if (call.signal?.aborted) return Promise.reject(new RegisterFailure(register, 'cancelled'));
  if (left <= 0) return Promise.reject(new RegisterFailure(register, 'timeout'));
  return new Promise((resolve, reject) => {
    const send = call.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(call.url, { method: 'POST', agent, headers: headersOf(call, left, options) });
    let answered = false;
    const late = (): void => fail(new Unreadable('timeout'));
    const unwanted = (): void => fail(new Unreadable('cancelled'));
    const timer = setTimeout(late, left);
    call.signal?.addEventListener('abort', unwanted, { once: true });
    const settled = (): void => {
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', unwanted);
    };
    const fail = (error: unknown): void => {
      settled();
      request.destroy();
      // Not the error itself as cause: a parser's error carries what it could not parse.
      reject(new RegisterFailure(register, kindOf(error), { cause: codeOf(error), retryAfterMs: retryAfterOf(error) }));
    };
    request.on('error', fail);
    // Switched protocols; and a connection that closes with neither an answer nor an error.
    request.on('upgrade', () => fail(new Unreadable('malformed')));
    request.on('close', () => {
      if (!answered) fail(new Unreadable('transport'));
    });
    request.on('response', (response) => {
      answered = true;
      try {
        call.inspect?.(response, request);
      } catch (error) {
        fail(error);
        return;
      }
      readReply(response, { maxBytes: maxResponseBytes, accepts, now: () => clock.now() }).then((reply) => {
        settled();
        resolve(reply);
      }, fail);
    });
    request.end(call.text);
  });
}

function kindOf(error: unknown): RegisterFailureKind {
  if (error instanceof Unreadable) return error.kind;
  // llhttp: what came is not HTTP.
  return codeOf(error)?.startsWith('HPE_') === true ? 'malformed' : 'transport';
}

function retryAfterOf(error: unknown): number | undefined {
  return error instanceof Unreadable ? error.retryAfterMs : undefined;
}

function headersOf(
  { requestId, text, headers: ofCall }: TextCall,
  left: number,
  { headers }: TextClientOptions,
): Record<string, string | number> {
  return {
    ...headers,
    ...ofCall,
    'Content-Length': Buffer.byteLength(text),
    'X-Request-Id': requestId,
    'X-Request-Deadline': Math.floor(left),
  };
}
