import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Observer } from '../../schemas/ports/observer.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Received, Recorded } from '../request.js';
import { checkBodyHeaders, discardThen, type BodyLimits } from './body.js';
import type { Connections } from './connections/connections.js';
import type { InFlight } from './in-flight.js';
import { assertMethod } from './receive.js';
import { sendAnswer, type Rendered } from './respond.js';

/** What reading a request and sending its answer need. */
export interface ExchangeDependencies {
  readonly bodyLimits: BodyLimits;
  readonly inFlight: InFlight;
  readonly connections: Pick<Connections, 'answerInTurn'>;
  readonly observer: Observer;
}

/** One request and the response that is to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly received: Received;
}

/**
 * Counts a request in, and checks what its head alone can show. Returns the refusal if it is refused;
 * its body is then thrown away.
 */
export function checkHead(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  methods: readonly string[],
  { inFlight, bodyLimits }: ExchangeDependencies,
): Refusal | undefined {
  try {
    response.once('close', inFlight.enter());
    assertMethod(request.method, methods);
    if (request.method !== 'GET') checkBodyHeaders(request, bodyLimits);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Sends what was recorded, and counts it. */
export function sendRecorded(
  { request, response, received }: Exchange,
  recorded: Recorded,
  render: (recorded: Recorded, accept: string | undefined) => Rendered<unknown>,
  dependencies: Pick<ExchangeDependencies, 'observer' | 'connections'>,
): void {
  const { connections } = dependencies;
  const { status, body } = render(recorded, request.headers.accept);
  const send = (): void => sendAnswer(request, response, { status, body, refusal: recorded.refusal });
  // A refused request may not have been read, or not to its end.
  if (recorded.refusal === undefined) send();
  else discardThen(request, recorded.isUnknown === true ? () => connections.answerInTurn(request, send) : send);
  countRequest(received, recorded, dependencies);
}

/** Counts a request by how it ended. */
export function countRequest(
  { surface }: Pick<Received, 'surface'>,
  recorded: Pick<Recorded, 'refusal'> | undefined,
  { observer }: Pick<ExchangeDependencies, 'observer'>,
): void {
  const refusal = recorded?.refusal;
  observer.count('tereze_requests_total', {
    surface,
    outcome: refusal === undefined ? 'answered' : 'refused',
    code: refusal?.code ?? 'none',
  });
}
