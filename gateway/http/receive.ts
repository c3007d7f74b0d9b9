import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Received, SurfaceName } from '../request.js';
import { readHead } from './request-head.js';

export interface ReceiveDependencies {
  readonly clock: Clock;
  readonly random: Random;
  /** Time in which an answer must be ready, in milliseconds. */
  readonly answerMs: number;
}

/** A request, with the parameters of its path where it came by a route that has some. */
type RoutedMessage = IncomingMessage & { readonly params?: object };

/** A request as the pipeline takes it, its body not read yet. Its signal is aborted when the client goes away unanswered. */
export function receive(
  request: RoutedMessage,
  response: ServerResponse,
  surface: SurfaceName,
  { clock, random, answerMs }: ReceiveDependencies,
): Received {
  const startedAt = clock.monotonic();
  const gone = new AbortController();
  // Each call to a register listens as long as it runs, and there may be many at once.
  setMaxListeners(0, gone.signal);
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return {
    requestId: random.uuid(),
    surface,
    at: clock.now(),
    startedAt,
    deadline: startedAt + answerMs,
    source: request.socket.remoteAddress ?? 'unknown',
    http: readHead(request, request.params as Readonly<Record<string, string>> | undefined),
    body: undefined,
    signal: gone.signal,
  };
}
