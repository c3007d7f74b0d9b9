import { createServer } from 'node:http';
import type { Person } from '../country/model.js';
import { listen, type Listener } from '../registers/listener.js';
import { Citizens } from './citizens.js';
import type { IssuerKeys } from './keys.js';
import { issuerProvider } from './provider.js';
import { SIGN_IN_PATH, signIn } from './sign-in.js';

export interface IssuerOptions {
  readonly host: string;
  readonly port: number;
  /** The only resource that tokens are issued for. */
  readonly audience: string;
  readonly keys: IssuerKeys;
  readonly persons: readonly Person[];
}

/** Starts the issuer. It keeps no access log, and its URLs never hold a person's number. */
export async function serveIssuer({ host, port, audience, keys, persons }: IssuerOptions): Promise<Listener> {
  const citizens = new Citizens(persons, keys.subjectKey);
  const server = createServer();
  const listener = await listen(server, host, port);
  const provider = issuerProvider(`http://${host}:${listener.port}`, audience, keys, citizens);
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const served =
      request.url?.startsWith(SIGN_IN_PATH) === true
        ? signIn(provider, citizens, request, response)
        : answer(request, response);
    void Promise.resolve(served).catch(() => {
      response.destroy();
    });
  });
  return listener;
}
