import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import express, { type Express } from 'express';
import { readJsonBody, type BodyLimits } from '../../../gateway/http/body.js';
import { Connections } from '../../../gateway/http/connections/connections.js';
import { createHttpServer, listen } from '../../../gateway/http/server.js';
import { createErrorHandler } from '../../../gateway/http/error-handler.js';
import { assertMethod } from '../../../gateway/http/receive.js';
import { serverConfig, type ServerConfig } from '../../../gateway/config/parts/server.js';
import { systemClock } from '../../../gateway/compose/clock.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import { listeningObserver, seededRandom } from '../../doubles.js';

/** On a busy machine a client of the same process is late as well: a test that runs into a limit names its own. */
export const BODY_LIMITS: BodyLimits = { maxBytes: 65_536, maxDepth: 20, timeoutMs: 60_000, bytesPerSecond: 1 };
export const SERVER_LIMITS: ServerConfig['limits'] = serverConfig.parse({
  public_url: 'http://127.0.0.1',
  limits: { headers_ms: 60_000, request_ms: 60_000 },
}).limits;
/** Limits of a test that waits for the end of what a client leaves half done, in milliseconds. */
export const IMPATIENT = { headers_ms: 300, request_ms: 500 } as const;

/** A server that answers with the body it read, on a real port. */
export interface Wire {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly connections: Connections;
  readonly malformed: string[];
  readonly lines: ReturnType<typeof listeningObserver>['lines'];
  close(): Promise<void>;
}

/** `POST /graphql` echoes what was read; `routes` may add more. */
export async function openWire(
  options: {
    readonly limits?: Partial<ServerConfig['limits']>;
    readonly body?: Partial<BodyLimits>;
    readonly routes?: (app: Express) => void;
    readonly proxies?: readonly string[];
    readonly clock?: Clock;
  } = {},
): Promise<Wire> {
  const observer = listeningObserver();
  const { notFound, onError } = createErrorHandler({ random: seededRandom(), observer });
  const app = express().disable('x-powered-by').disable('etag');
  app.all('/graphql', async (request, response) => {
    assertMethod(request.method, ['POST']);
    response.json({ echo: await readJsonBody(request, { ...BODY_LIMITS, ...options.body }) });
  });
  options.routes?.(app);
  app.use(notFound, onError);
  const malformed: string[] = [];
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const connections = new Connections({
    limits,
    proxies: options.proxies ?? [],
    clock: options.clock ?? systemClock({ timeZone: 'UTC' }),
    observer,
    countRefused: ({ code }) => void malformed.push(code),
  });
  const server = createHttpServer(app, { limits, connections, random: seededRandom() });
  const url = await listen(server, { host: '127.0.0.1', port: 0 }, 'server.port');
  return {
    url,
    port: (server.address() as AddressInfo).port,
    server,
    connections,
    malformed,
    lines: observer.lines,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const JSON_HEADERS = { 'content-type': 'application/json' };

/** An answer as far as tests look at it. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `CODE reason` of the first error, or undefined. */
  readonly refused: string | undefined;
}

export async function send(url: string, init: RequestInit = {}): Promise<Seen> {
  const response = await fetch(url, { method: 'POST', headers: JSON_HEADERS, ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, refused: refusedIn(text) };
}

interface ErrorBody {
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly reasons: readonly string[] } }[];
}

export function refusedIn(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  const extensions = (JSON.parse(text) as ErrorBody).errors?.[0]?.extensions;
  return extensions && [extensions.code, ...extensions.reasons].join(' ');
}

/** Writes bytes to a socket and collects what comes back until the server ends it. */
export function raw(port: number, bytes: string, options: { readonly halfClose?: boolean } = {}): Promise<string> {
  return new Promise((resolve) => {
    let seen = '';
    const socket: Socket = connect(port, '127.0.0.1', () => {
      if (options.halfClose) socket.end(bytes);
      else socket.write(bytes);
    });
    socket.on('data', (chunk) => (seen += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(seen));
  });
}

/** The JSON body of an answer that `raw` collected. */
export function bodyOf(seen: string): string {
  return seen.split('\r\n\r\n').slice(1).join('\r\n\r\n');
}
