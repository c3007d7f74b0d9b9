import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PublishedLogs } from '../../monitoring/audit/published/published-logs.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { Refusal } from '../../schemas/refusal.js';
import type { LogServerConfig, ServerConfig } from '../config/parts/server.js';
import { discardThen } from './body.js';
import { Connections } from './connections/connections.js';
import { readPublished, type LogAnswer, type LogReaders, type ReaderSource } from './log-routes.js';
import { sendRefusal } from './respond.js';
import { createHttpServer, listen } from './server.js';

export interface LogServerOptions {
  readonly config: LogServerConfig;
  readonly limits: ServerConfig['limits'];
  readonly proxies: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  /** Path before the number of a log, without a slash at its end: that of the origin, `/tereze`. */
  readonly prefix: string;
  readonly published: Pick<PublishedLogs, 'log'>;
  /** What is asked first. */
  readonly readers: LogReaders;
}

/** The address at which the log is served, while it is open. */
export interface LogServer {
  readonly url: string;
  /** Asks another reading of the configuration who may see entries, from the next request on. */
  replace(readers: LogReaders): void;
  close(): Promise<void>;
}

/** Answers that are on their way get this long when the address closes. */
const LAST_BYTES_MS = 100;

/**
 * Opens the address at which anyone reads checkpoints, tiles and proofs. Its connections, their deadlines and the turns
 * of its readers are its own, so that readers take no place of a caller. Rejects with `ListenFailure`.
 */
export async function openLogServer(options: LogServerOptions): Promise<LogServer> {
  const { config, limits, proxies, clock, observer, random } = options;
  const connections = new Connections({
    limits,
    proxies,
    clock,
    observer,
    // A reader of public hashes asks about no one: nothing is recorded.
    countRefused: () => undefined,
  });
  let { readers } = options;
  const sourceOf = (request: IncomingMessage, response: ServerResponse): ReaderSource => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { name, hasLimit } = connections.sourceOf(request);
    return {
      party: hasLimit ? name : random.uuid(),
      signal: gone.signal,
      known: () => connections.known(request),
    };
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const source = sourceOf(request, response);
      send(request, response, await readPublished({ request, source, readers }, options));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('INTERNAL_SERVER_ERROR');
      const requestId = random.uuid();
      if (refusal !== error) observer.log('error', 'audit_log_not_read', { requestId });
      sendRefusal(request, response, refusal, requestId);
    }
  };
  const server = createHttpServer(
    (request, response) =>
      discardThen(request, () => connections.answerInTurn(request, () => void answer(request, response))),
    { limits, connections, random },
  );
  return {
    url: await listen(server, config, 'server.log.port'),
    replace: (next) => {
      readers = next;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.leave();
      if (connections.size > 0) await sleep(LAST_BYTES_MS);
      connections.destroy();
      await closed;
    },
  };
}

function send(request: IncomingMessage, response: ServerResponse, { type, caching, body }: LogAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': body.length,
    'Cache-Control': caching,
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
