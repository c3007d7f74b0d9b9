import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf } from '../../../schemas/error-code.js';
import { CommandFailure } from '../command-failure.js';

const PATH = '/callback';

/** Where the issuer sends the browser back to: a loopback address of this process (RFC 8252, section 7.3). */
export interface Callback {
  readonly redirectUri: string;
  /** Resolves with the address that the browser came back to. Rejects with `CommandFailure` when the time is over. */
  readonly arrived: Promise<URL>;
  close(): void;
}

/** Listens on loopback for one answer of the issuer. What comes with another `state`, or to another path, is not taken. */
export async function openCallback({
  port,
  state,
  waitMs,
}: {
  readonly port: number;
  readonly state: string;
  readonly waitMs: number;
}): Promise<Callback> {
  let arrive: (url: URL) => void = () => undefined;
  let fail: (failure: CommandFailure) => void = () => undefined;
  const arrived = new Promise<URL>((resolve, reject) => {
    arrive = resolve;
    fail = reject;
  });
  arrived.catch(() => undefined);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', redirectUri);
    const isOurs = request.method === 'GET' && url.pathname === PATH && url.searchParams.get('state') === state;
    response.writeHead(isOurs ? 200 : 404, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      Connection: 'close',
    });
    response.end(isOurs ? 'You can close this page and go back to the command line.\n' : 'Nothing is here.\n');
    if (isOurs) arrive(url);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new CommandFailure('failed', `port ${port} cannot be listened on: ${codeOf(error) ?? 'unknown'}`)),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;
  const timer = setTimeout(
    () => fail(new CommandFailure('failed', 'no one signed in in time', 'Start again, and open the address sooner.')),
    waitMs,
  );
  return {
    redirectUri,
    arrived,
    close: () => {
      clearTimeout(timer);
      server.close();
      server.closeAllConnections();
    },
  };
}
