import { createServer, type RequestListener, type Server } from 'node:http';
import { isIPv6, type AddressInfo, type Socket } from 'node:net';
import { ERROR_CATALOGUE, type ErrorCode } from '../../schemas/errors.js';
import type { ServerConfig } from '../config/parts/server.js';
import { ANSWER_HEADERS } from './respond.js';

/** Codes of what Node itself refuses, because it did not become a request. */
export type MalformedCode = 'BAD_REQUEST' | 'PAYLOAD_TOO_LARGE' | 'REQUEST_TIMEOUT';

export interface HttpServerOptions {
  readonly limits: ServerConfig['limits'];
  /**
   * Called for each request that is too malformed or slow for a handler. The answer waits until it
   * resolves; if it rejects, the answer is AUDIT_UNAVAILABLE.
   */
  readonly onMalformed: (refusal: { readonly code: MalformedCode; readonly source: string }) => Promise<void>;
}

/** Added to our own limit on a body, so that ours answers first, with a better text. */
const BACKSTOP_MS = 2_000;
const CHECK_EVERY_MS = 500;

const CODES: Readonly<Record<string, MalformedCode>> = {
  HPE_HEADER_OVERFLOW: 'PAYLOAD_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/**
 * Makes an HTTP server that does not wait for slow clients. It answers what is not HTTP with a
 * refusal in the usual form.
 */
export function createHttpServer(listener: RequestListener, { limits, onMalformed }: HttpServerOptions): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.header_bytes,
      headersTimeout: limits.headers_ms,
      requestTimeout: Math.max(limits.request_ms, limits.headers_ms) + BACKSTOP_MS,
      keepAliveTimeout: limits.keep_alive_ms,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      requireHostHeader: true,
      insecureHTTPParser: false,
    },
    listener,
  );
  server.maxConnections = limits.connections;
  // More bytes may arrive while the answer is prepared. They belong to the same refusal, which counts once.
  const refused = new WeakSet<Socket>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (refused.has(socket)) return;
    refused.add(socket);
    const code = CODES[error.code ?? ''] ?? 'BAD_REQUEST';
    if (error.code === 'ECONNRESET') socket.destroy();
    else
      onMalformed({ code, source: socket.remoteAddress ?? 'unknown' }).then(
        () => answerRaw(socket, code),
        () => answerRaw(socket, 'AUDIT_UNAVAILABLE'),
      );
  });
  return server;
}

/** Writes an answer by hand, because Node has no response object for what is not a request. */
function answerRaw(socket: Socket, code: ErrorCode): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = malformedBody(code);
  const headers = {
    ...ANSWER_HEADERS,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${ERROR_CATALOGUE[code].status} Refused\r\n${lines.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}

function malformedBody(code: ErrorCode): string {
  const { actor, retryable, text } = ERROR_CATALOGUE[code];
  return JSON.stringify({
    errors: [
      {
        message: text.en,
        extensions: {
          code,
          whoMustAct: actor,
          retryable,
          reasons: ['http'],
          docs: `docs/errors.md#${code.toLowerCase()}`,
        },
      },
    ],
  });
}

export interface ListenAddress {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** A server cannot listen at its address. */
export class ListenFailure extends Error {
  readonly code: 'PORT_TAKEN' | 'PORT_NOT_PERMITTED' | 'ADDRESS_UNAVAILABLE';

  constructor(code: ListenFailure['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ListenFailure';
    this.code = code;
  }
}

/**
 * Starts listening. Resolves with the address as a URL (`http://127.0.0.1:4000`).
 *
 * @param setting the name of the setting that chose the port, for the message: `server.port`.
 * @throws ListenFailure if the port is taken or not permitted, or the address is not one of this machine.
 */
export function listen(server: Server, address: ListenAddress, setting: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(failure(error, address, setting));
    server.once('error', onError);
    server.listen(address.port, address.host, () => {
      server.off('error', onError);
      const { port } = server.address() as AddressInfo;
      resolve(`http://${isIPv6(address.host) ? `[${address.host}]` : address.host}:${port}`);
    });
  });
}

function failure(error: NodeJS.ErrnoException, { host, port }: ListenAddress, setting: string): Error {
  const known = FAILURES[error.code ?? ''];
  return known === undefined
    ? error
    : new ListenFailure(known.code, `${known.problem({ host, port })} (${setting})`, error);
}

interface KnownFailure {
  readonly code: ListenFailure['code'];
  readonly problem: (address: ListenAddress) => string;
}

const notHere: KnownFailure = {
  code: 'ADDRESS_UNAVAILABLE',
  problem: ({ host }) => `${host} is not an address of this machine`,
};

const FAILURES: Readonly<Record<string, KnownFailure>> = {
  EADDRINUSE: {
    code: 'PORT_TAKEN',
    problem: ({ host, port }) => `port ${port} on ${host} is taken by another process; end it or choose another port`,
  },
  EACCES: {
    code: 'PORT_NOT_PERMITTED',
    problem: ({ host, port }) => `port ${port} on ${host} may not be used by this user; choose one above 1023`,
  },
  EADDRNOTAVAIL: notHere,
  ENOTFOUND: notHere,
};
