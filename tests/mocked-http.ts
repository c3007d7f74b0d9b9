import { isDeepStrictEqual } from 'node:util';
import { MockAgent } from 'undici';
import { createHttpClient } from '../gateway/compose/http-client.js';
import type { HttpClient } from '../schemas/ports/http-client.js';

type Headers = Readonly<Record<string, string>>;

/** A reply that is made from the body of the request. Its status is 200. */
type MakeReply = (body: string) => string | Promise<string>;

/** A request that is expected once. */
export interface Expected {
  /** Waits before the reply, in milliseconds. */
  delay(milliseconds: number): Expected;
  reply(status: number, body: string | Buffer | object | MakeReply, headers?: Headers): Scope;
}

export interface Scope {
  isDone(): boolean;
  /** Throws if the request was not made. */
  done(): void;
}

/** The gateway's HTTP client, with replies instead of a network: no request leaves the process. */
export interface MockedHttp {
  readonly client: HttpClient;
  /**
   * Expects one POST to an origin. `body` is the JSON that must be sent, or a check of its text. A request that no
   * expectation fits fails as `transport`.
   */
  post(origin: string, path: string | RegExp, body?: object | ((text: string) => boolean), headers?: Headers): Expected;
  /** Paths that are expected and were not asked for. */
  pending(): readonly string[];
  close(): Promise<void>;
}

export function mockedHttp(): MockedHttp {
  const agent = new MockAgent();
  agent.disableNetConnect();
  // The client destroys what it opened; the replies stay until the test closes the agent.
  const client = createHttpClient(() => ({
    dispatch: (options, handler) => agent.dispatch(options, handler),
    destroy: async () => undefined,
  }));
  return {
    client,
    post: (origin, path, body, headers) => {
      let made = false;
      let milliseconds = 0;
      const intercepted = agent.get(origin).intercept({
        method: 'POST',
        path,
        ...(body === undefined ? {} : { body: matcherOf(body) }),
        ...(headers === undefined ? {} : { headers }),
      });
      const expected: Expected = {
        delay: (wanted) => {
          milliseconds = wanted;
          return expected;
        },
        reply: (status, replied, ofReply = { 'Content-Type': 'application/json' }) => {
          const scope = intercepted.reply(
            status,
            async ({ body: sent }) => {
              made = true;
              if (typeof replied === 'function') return replied(String(sent));
              return typeof replied === 'string' || Buffer.isBuffer(replied) ? replied : JSON.stringify(replied);
            },
            { headers: ofReply },
          );
          if (milliseconds > 0) scope.delay(milliseconds);
          return {
            isDone: () => made,
            done: () => {
              if (!made) throw new Error(`${origin}${String(path)} was not asked`);
            },
          };
        },
      };
      return expected;
    },
    pending: () => agent.pendingInterceptors().map(({ path }) => String(path)),
    close: () => agent.close(),
  };
}

function matcherOf(body: object | ((text: string) => boolean)): (text: string) => boolean {
  return typeof body === 'function'
    ? (body as (text: string) => boolean)
    : (text) => isDeepStrictEqual(JSON.parse(text), body);
}
