import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { HttpQuestion } from '../../demo/registers/http-register.js';

/** A request, and the socket on which anything may be answered. */
export interface Received {
  readonly question: HttpQuestion;
  readonly socket: Socket;
}

/** A listener that speaks as little HTTP as it takes to read a request. What it answers is up to the test, byte by byte. */
export interface RawListener {
  readonly port: number;
  /** Requests that came in whole, in order. */
  readonly received: Received[];
  /** Answers the next requests. */
  respond: (received: Received) => void;
  /** Called for each connection before anything is read. */
  onConnection: (socket: Socket) => void;
  close(): Promise<void>;
}

/** Listens on a loopback address, over TLS with these options. */
export async function listenRaw(tls?: TlsOptions): Promise<RawListener> {
  const sockets = new Set<Socket>();
  const received: Received[] = [];
  const serve = (socket: Socket): void => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => undefined);
    listener.onConnection(socket);
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let request = readRequest(bytes); request !== undefined; request = readRequest(bytes)) {
        bytes = bytes.subarray(request.length);
        const one = { question: request.question, socket };
        received.push(one);
        listener.respond(one);
      }
    });
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listener: RawListener = {
    port: (server.address() as AddressInfo).port,
    received,
    respond: () => undefined,
    onConnection: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return listener;
}

/** Returns the first request of what came in; undefined if it is not whole yet. */
function readRequest(bytes: Buffer): { readonly question: HttpQuestion; readonly length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [line = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  const rawHeaders = fields.flatMap((field) => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon), field.slice(colon + 1).trim()];
  });
  const headers: Record<string, string> = {};
  for (let at = 0; at < rawHeaders.length; at += 2) headers[rawHeaders[at]!.toLowerCase()] = rawHeaders[at + 1]!;
  const length = end + 4 + Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return undefined;
  const body = bytes.subarray(end + 4, length).toString('utf8');
  return { question: { method, path, headers, rawHeaders, body }, length };
}

/** Returns a response as bytes. Each header replaces the one of the same name; without a value it is left out. */
export function rawResponse(
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
  body: string | Buffer,
): Buffer {
  const length = headers['Content-Length'] ?? String(Buffer.byteLength(body));
  const fields = Object.entries({ ...headers, 'Content-Length': length }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  const head = [`HTTP/1.1 ${status} Status`, ...fields, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body as string)]);
}
