import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import { Refusal } from '../../schemas/refusal.js';
import { AccessRecord } from '../access/access-record.js';
import type { Received, ReceivedHttp, RequestConnection, SurfaceName } from '../request.js';
import { readJsonBody, type BodyLimits } from './body.js';
import type { Connections } from './connections/connections.js';
import { preferredLanguage } from './negotiate.js';

export interface ReceiveDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly connections: Pick<Connections, 'sourceOf' | 'known' | 'slowDown'>;
  /** Time in which an answer must be ready, in milliseconds. */
  readonly answerMs: number;
  readonly bodyLimits: BodyLimits;
}

/** A request, with the parameters of its path if the route has some. */
type RoutedMessage = IncomingMessage & { readonly params?: object };

/**
 * Returns a request in the form that the pipeline takes; its body is not read yet. Its signal is
 * aborted if the client goes away before the answer is sent.
 */
export function receive(
  request: RoutedMessage,
  response: ServerResponse,
  surface: SurfaceName,
  { clock, random, connections, answerMs, bodyLimits }: ReceiveDependencies,
): Received {
  const startedAt = clock.monotonic();
  const gone = new AbortController();
  // Each call to a register adds a listener while it runs, and many may run at once.
  setMaxListeners(0, gone.signal);
  const connection = connectionOf(request, response, bodyLimits, connections);
  connection.whenEnded(() => {
    if (!response.writableFinished) gone.abort();
  });
  const { name: source, hasLimit } = connections.sourceOf(request);
  const requestId = random.uuid();
  return {
    requestId,
    access: new AccessRecord(requestId, clock),
    surface,
    at: clock.now(),
    startedAt,
    deadline: startedAt + answerMs,
    source,
    ...(hasLimit ? {} : { isProxy: true }),
    http: readHead(request, request.params as Readonly<Record<string, string>> | undefined),
    connection,
    signal: gone.signal,
  };
}

function connectionOf(
  request: IncomingMessage,
  response: ServerResponse,
  bodyLimits: BodyLimits,
  connections: Pick<Connections, 'known' | 'slowDown'>,
): RequestConnection {
  return {
    known: () => connections.known(request),
    slowDown: () => connections.slowDown(request),
    readBody: async () => (request.method === 'GET' ? undefined : readJsonBody(request, bodyLimits)),
    whenEnded: (end) => {
      if (response.closed) end();
      else response.once('close', end);
    },
  };
}

/**
 * Returns what the pipeline needs of a request's head. Headers that matter for authentication come
 * with every repetition. The path is that of the request line, which DPoP proofs must name.
 */
export function readHead(
  request: IncomingMessage & { readonly originalUrl?: string },
  parameters: ReceivedHttp['parameters'] = {},
): ReceivedHttp {
  const { headersDistinct: headers, method = '' } = request;
  return {
    method,
    ...addressOf(request.originalUrl ?? request.url ?? ''),
    parameters,
    authorization: headers['authorization'] ?? [],
    dpop: headers['dpop'] ?? [],
    purpose: headers['tereze-purpose']?.join(', '),
    case: headers['tereze-case']?.join(', '),
    language: preferredLanguage(request.headers['accept-language']),
  };
}

function addressOf(target: string): Pick<ReceivedHttp, 'path' | 'query'> {
  const end = target.indexOf('?');
  if (end === -1) return { path: target };
  const query = target.slice(end + 1);
  return { path: target.slice(0, end), ...(query === '' ? {} : { query }) };
}

/**
 * Refuses every method that an address does not have.
 *
 * @throws Refusal `METHOD_NOT_ALLOWED`; its answer names the methods in `Allow`.
 */
export function assertMethod(method: string | undefined, allowed: readonly string[]): void {
  if (!allowed.includes(method ?? '')) throw new Refusal('METHOD_NOT_ALLOWED', { reasons: [...allowed] });
}
