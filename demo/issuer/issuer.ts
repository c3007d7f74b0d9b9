import { createServer } from 'node:http';
import type { Person } from '../country/model.js';
import { listen, type Listener } from '../registers/listener.js';
import { Citizens } from './citizens.js';
import type { IssuerKeys } from './keys.js';
import { issuerProvider } from './provider.js';
import { SIGN_IN_PATH, signIn } from './sign-in.js';
import { signInLists } from './sign-in-list.js';
import { IssuerStore } from './store.js';

export interface IssuerOptions {
  readonly host: string;
  readonly port: number;
  /** The resource for which systems and citizens get tokens. */
  readonly audience: string;
  /** Where officers question the audit log: an origin. They get tokens for its `/audit/v1` only. */
  readonly officers: string;
  readonly keys: IssuerKeys;
  readonly persons: readonly Person[];
  /** By which codes and sign-ins end, in milliseconds of the epoch; real time if not given. */
  readonly now?: () => number;
}

/** Starts the issuer. It keeps no access log, and its URLs never hold a person's number. */
export async function serveIssuer({
  host,
  port,
  audience,
  officers,
  keys,
  persons,
  now = Date.now,
}: IssuerOptions): Promise<Listener> {
  const lists = signInLists(new Citizens(persons, keys.subjectKey), persons);
  const server = createServer();
  const listener = await listen(server, host, port);
  const provider = issuerProvider(
    `http://${host}:${listener.port}`,
    { audience, officers },
    keys,
    lists,
    new IssuerStore(now),
  );
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const served =
      request.url?.startsWith(SIGN_IN_PATH) === true
        ? signIn(provider, lists, request, response)
        : answer(request, response);
    void Promise.resolve(served).catch(() => {
      response.destroy();
    });
  });
  return listener;
}
