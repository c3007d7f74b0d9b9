import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Clock } from '../../schemas/ports/clock.js';
import { RegisterFailure, type RegisterFailureKind } from '../port.js';

export interface JsonClientOptions {
  readonly register: string;
  /** Headers of every call: credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly maxSockets: number;
  readonly maxResponseBytes: number;
}

export interface JsonCall {
  readonly url: URL;
  readonly body: unknown;
  readonly requestId: string;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
}

export interface JsonReply {
  readonly status: number;
  readonly body: unknown;
}

/** Posts JSON and reads JSON. Rejects with `RegisterFailure`; never follows a redirect, never names a body or a value. */
export interface JsonClient {
  post(call: JsonCall): Promise<JsonReply>;
  close(): void;
}

/** A client of one register on `node:http(s)`, connections kept alive. */
export function createJsonClient(options: JsonClientOptions): JsonClient {
  const settings = { keepAlive: true, maxSockets: options.maxSockets, scheduling: 'lifo' } as const;
  const plain = new HttpAgent(settings);
  const secure = new HttpsAgent(settings);
  return {
    post: (call) => post(call, call.url.protocol === 'https:' ? secure : plain, options),
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** Ends a call; carries its kind through `destroy` to the request's `error` event. */
class Ended extends Error {
  readonly kind: RegisterFailureKind;
  constructor(kind: RegisterFailureKind) {
    super(kind);
    this.kind = kind;
  }
}

function post(call: JsonCall, agent: HttpAgent | HttpsAgent, options: JsonClientOptions): Promise<JsonReply> {
  const left = call.deadline - options.clock.monotonic();
  const text = JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const send = call.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(call.url, { method: 'POST', agent, headers: headersOf(call, text, left, options) });
    const timer = setTimeout(() => request.destroy(new Ended('timeout')), Math.max(0, left));
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      request.destroy();
      reject(error instanceof RegisterFailure ? error : new RegisterFailure(options.register, error instanceof Ended ? error.kind : 'transport', { cause: error }));
    };
    request.on('error', fail);
    request.on('response', (response) => {
      readReply(response, options).then((reply) => {
        clearTimeout(timer);
        resolve(reply);
      }, fail);
    });
    request.end(text);
  });
}

function headersOf({ requestId }: JsonCall, text: string, left: number, { headers }: JsonClientOptions): Record<string, string | number> {
  return {
    ...headers,
    Accept: 'application/json',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'X-Request-Id': requestId,
    'X-Request-Deadline': Math.max(0, Math.floor(left)),
  };
}

async function readReply(response: IncomingMessage, { register, maxResponseBytes }: JsonClientOptions): Promise<JsonReply> {
  const bytes = await readBytes(response, maxResponseBytes);
  const status = response.statusCode ?? 0;
  if (status === 429 || status === 503) throw new RegisterFailure(register, 'overloaded');
  if (status >= 500) throw new RegisterFailure(register, 'failed');
  if (!/^application\/(graphql-response\+)?json\b/i.test(response.headers['content-type'] ?? '')) throw new RegisterFailure(register, 'malformed');
  return { status, body: parseJson(bytes, register) };
}

function readBytes(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) reject(new Ended('malformed'));
      else chunks.push(chunk);
    });
    response.on('end', () => resolve(Buffer.concat(chunks)));
    response.on('error', reject);
    // A body that breaks off ends in `close` without `end`.
    response.on('close', () => reject(new Ended('transport')));
  });
}

function parseJson(bytes: Buffer, register: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new RegisterFailure(register, 'malformed', { cause: cause instanceof Error ? cause.name : undefined });
  }
}
