import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One request to the token server. */
export interface TokenRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

/** A token server that answers as the test says. By default its tokens are `token-1`, `token-2`, and so on. */
export interface TokenEndpoint {
  readonly url: string;
  /** Requests to the token endpoint. */
  readonly requests: TokenRequest[];
  /** Replaces what is answered. */
  answer: (response: ServerResponse, request: TokenRequest, number: number) => void;
  close(): Promise<void>;
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Opens one on a loopback address, over TLS with these options. */
export async function openTokenEndpoint(tls?: ServerOptions): Promise<TokenEndpoint> {
  const requests: TokenRequest[] = [];
  const handle: Parameters<typeof createServer>[1] = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      const asked = { method, path, headers, form: new URLSearchParams(Buffer.concat(chunks).toString()) };
      requests.push(asked);
      endpoint.answer(response, asked, requests.length);
    });
  };
  const server: Server = tls === undefined ? createServer(handle) : createHttpsServer(tls, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint: TokenEndpoint = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    answer: (response, _, number) =>
      sendJson(response, { access_token: `token-${number}`, token_type: 'Bearer', expires_in: 600 }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return endpoint;
}
