import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../../ports/loopback-certificate.js';

/** What a store does to one request instead of what it should. */
export type StoreFault =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'hang' }
  /** Carries the request out, and cuts the connection before the answer. */
  | { readonly kind: 'reply_lost' }
  /** Cuts the connection at once. */
  | { readonly kind: 'not_done' };

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** The name in the certificate that the client showed. */
  readonly client: string | undefined;
}

/** A store with strong ETags and conditional PUT, on loopback. */
export class HttpStore {
  readonly texts = new Map<string, string>();
  readonly seen: SeenRequest[] = [];
  /** Asked for each request. */
  fault: (method: string, path: string) => StoreFault | undefined = () => undefined;
  /** Whether answers to PUT carry the new ETag, and whether tags are weak. */
  etagOnPut = true;
  isWeak = false;
  readonly #isSecure: boolean;
  readonly #server: Server;

  /** @param clients certificates of the clients that the store takes, over TLS. If absent, it speaks plain HTTP to everyone. */
  constructor(clients?: readonly string[]) {
    const receive = (request: IncomingMessage, response: ServerResponse): void => this.#receive(request, response);
    this.#isSecure = clients !== undefined;
    this.#server =
      clients === undefined
        ? createServer(receive)
        : createHttpsServer(
            { cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY, ca: [...clients], requestCert: true },
            receive,
          );
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#isSecure ? 'https' : 'http'}://127.0.0.1:${port}/anchor`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      this.seen.push({ method, path, authorization: headers.authorization, client: clientOf(request) });
      const fault = this.fault(method, path);
      if (fault?.kind === 'hang') return;
      if (fault?.kind === 'not_done') return void request.socket.destroy();
      if (fault?.kind === 'status') return void response.writeHead(fault.status).end();
      const answer = this.#answer(method, path, headers, Buffer.concat(chunks).toString());
      if (fault?.kind === 'reply_lost') return void request.socket.destroy();
      response.writeHead(answer.status, answer.etag === undefined ? {} : { etag: answer.etag }).end(answer.body);
    });
  }

  #answer(
    method: string,
    path: string,
    headers: IncomingMessage['headers'],
    body: string,
  ): { status: number; etag?: string | undefined; body?: string } {
    const held = this.texts.get(path);
    if (method === 'GET')
      return held === undefined ? { status: 404 } : { status: 200, etag: this.#etag(held), body: held };
    if (method !== 'PUT') return { status: 405 };
    const matches =
      headers['if-match'] === undefined
        ? headers['if-none-match'] === '*' && held === undefined
        : held !== undefined && headers['if-match'] === this.#etag(held);
    if (!matches) return { status: 412 };
    this.texts.set(path, body);
    return { status: held === undefined ? 201 : 204, etag: this.etagOnPut ? this.#etag(body) : undefined };
  }

  #etag(text: string): string {
    const tag = `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;
    return this.isWeak ? `W/${tag}` : tag;
  }
}

function clientOf({ socket }: IncomingMessage): string | undefined {
  const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subject?.CN : undefined;
  return typeof name === 'string' ? name : undefined;
}
