import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server was asked. */
export interface OutsideQuestion {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface OutsideServer {
  readonly url: URL;
  close(): Promise<void>;
}

/** A server of someone outside, on loopback, with a free port. `answer` ends the response, or leaves it open. */
export async function serveOutside(
  answer: (question: OutsideQuestion, response: ServerResponse) => void | Promise<void>,
): Promise<OutsideServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const question = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
      void Promise.resolve(answer(question, response)).catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
