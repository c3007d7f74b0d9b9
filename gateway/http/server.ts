import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { isIPv6, type AddressInfo, type Socket } from 'node:net';
import type { ErrorCode } from '../../schemas/errors.js';
import type { Random } from '../../schemas/ports/random.js';
import { Refusal } from '../../schemas/refusal.js';
import type { ServerConfig } from '../config/parts/server.js';
import type { Connections } from './connections/connections.js';
import { sendRefusal } from './respond.js';

export interface HttpServerOptions {
  readonly limits: ServerConfig['limits'];
  /** Takes the connections of this server, and of no other. */
  readonly connections: Connections;
  readonly random: Random;
}

const CHECK_EVERY_MS = 200;
/** As long as the kernel lets it be: many may connect at once, and one that finds no place tries again only after a second. */
const BACKLOG = 4_096;
/** Methods that some address has. */
const METHODS = 'GET, POST';

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'PAYLOAD_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'PAYLOAD_TOO_LARGE',
};

/**
 * Makes an HTTP server whose connections are admitted, timed and ended by `connections`. What Node
 * would answer by itself is answered with a refusal in the usual form, and counted: what is no HTTP, a
 * head without one Host, an expectation that there is not, CONNECT.
 */
export function createHttpServer(
  listener: RequestListener,
  { limits, connections, random }: HttpServerOptions,
): Server {
  const server = createServer({
    maxHeaderSize: limits.header_bytes,
    // Deadlines are those of `connections`.
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: limits.keep_alive_ms,
    requireHostHeader: false,
    insecureHTTPParser: false,
  });
  // The bytes are limited. Node drops headers beyond a number without a word.
  server.maxHeadersCount = 0;
  // Not in the types: a client that has ended its own side gets its answer.
  Object.assign(server, { httpAllowHalfOpen: true });

  const refuse = (request: IncomingMessage, response: ServerResponse, reason: string): void => {
    connections.countRefused(request, 'BAD_REQUEST');
    response.shouldKeepAlive = false;
    sendRefusal(request, response, new Refusal('BAD_REQUEST', { reasons: [reason] }), random.uuid());
  };
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    if (!connections.take(request, response)) return;
    if (hasOneHost(request)) listener(request, response);
    else refuse(request, response, 'host');
  };
  server.on('request', take);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // The client is told to go on when its body is wanted, not before.
    request.once('resume', () => {
      if (!response.headersSent) response.writeContinue();
    });
    take(request, response);
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    if (connections.take(request, response)) refuse(request, response, 'expect');
  });
  server.on('connect', (_request, socket: Socket) => {
    // Node has taken its own listeners off this socket.
    socket.on('error', () => socket.destroy()).resume();
    connections.refuse(socket, { code: 'METHOD_NOT_ALLOWED', headers: { Allow: METHODS } });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.syscall !== undefined || error.code === 'ECONNRESET') socket.destroy();
    else connections.refuse(socket, { code: CODES[error.code ?? ''] ?? 'BAD_REQUEST' });
  });
  server.on('connection', (socket: Socket) => connections.add(socket));
  // Without a listener Node would destroy a connection that was idle for the time that the client was told.
  server.on('timeout', () => undefined);
  const looking = setInterval(() => setImmediate(() => connections.look()), CHECK_EVERY_MS).unref();
  server.once('close', () => clearInterval(looking));
  return server;
}

/** RFC 9112, section 3.2: from version 1.1 on a head has exactly one Host. */
function hasOneHost({ httpVersionMajor, httpVersionMinor, headersDistinct }: IncomingMessage): boolean {
  return (httpVersionMajor === 1 && httpVersionMinor === 0) || headersDistinct['host']?.length === 1;
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
    server.listen({ port: address.port, host: address.host, backlog: BACKLOG }, () => {
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
