import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { FLOOD_RETRY_AFTER_SECONDS, INTERNAL_ERROR_TEXT, SLOW_MS, type Fault } from './fault.js';
import { listen, type Listener } from './listener.js';

export interface HttpQuestion {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Name, value, name, value, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** JSON where it is silent. */
  readonly contentType?: string;
  /** Seconds after which to ask again. */
  readonly retryAfter?: number;
  /** Headers of the protocol. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one question; counts it first, so that what fails later was counted too. */
export type HttpRegister = (question: HttpQuestion) => HttpAnswer | Promise<HttpAnswer>;

const MAX_BODY_BYTES = 1_000_000;

/** Serves a register over HTTP; `fault` says how it misbehaves from one request to the next. */
export async function serveHttpRegister(
  register: HttpRegister,
  fault: Fault,
  host: string,
  port: number,
): Promise<Listener> {
  const server = createServer((request, response) => {
    void converse(register, fault, request, response).catch(() => {
      request.socket.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    if (fault.mode === 'refuse') socket.destroy();
  });
  return listen(server as HttpServer, host, port);
}

async function converse(
  register: HttpRegister,
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const question = {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body,
  };
  const answer = await register(question);
  await fault.takeHold();
  switch (fault.mode) {
    case 'off':
      return send(response, answer);
    case 'slow':
      setTimeout(() => {
        send(response, answer);
      }, SLOW_MS).unref();
      return;
    case 'hang':
      return;
    case '500':
      return send(response, {
        ...answer,
        status: 500,
        body: JSON.stringify({ error: { code: 'INTERNAL', message: INTERNAL_ERROR_TEXT } }),
      });
    case 'garbage':
      return send(response, { ...answer, status: 200, body: '\u0000<html>{"iin": 12, "items": [[[' });
    case 'half':
      return breakOff(response, answer);
    case 'flood':
      return send(response, tooManyRequests(FLOOD_RETRY_AFTER_SECONDS));
    case 'refuse':
      request.socket.destroy();
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';

function send(
  response: ServerResponse,
  { status, body, contentType = JSON_TYPE, retryAfter, headers = {} }: HttpAnswer,
): void {
  response.writeHead(status, {
    ...headers,
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
  });
  response.end(body);
}

function breakOff(response: ServerResponse, { status, body, contentType = JSON_TYPE, headers = {} }: HttpAnswer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Type': contentType, 'Content-Length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    response.socket?.destroy();
  });
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new RangeError('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function json(status: number, value: unknown): HttpAnswer {
  return { status, body: JSON.stringify(value) };
}

/** RFC 6585 section 4: too many questions; the client may ask again after `seconds` seconds. */
export function tooManyRequests(retryAfter: number): HttpAnswer {
  return { ...json(429, { error: { code: 'TOO_MANY_REQUESTS' } }), retryAfter };
}

/** An object from JSON text, or undefined for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
