import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../schemas/ports/clock.js';
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
  readonly clock: Clock;
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
  dependencies: Pick<ExchangeDependencies, 'observer' | 'connections' | 'clock'>,
): void {
  const { connections } = dependencies;
  logTimes(received, recorded, dependencies);
  const { status, body } = render(recorded, request.headers.accept);
  const send = (): void => sendAnswer(request, response, { status, body, refusal: recorded.refusal });
  // A refused request may not have been read, or not to its end.
  if (recorded.refusal === undefined) send();
  else discardThen(request, recorded.isUnknown === true ? () => connections.answerInTurn(request, send) : send);
  countRequest(received, recorded, dependencies);
}

/**
 * Writes the line of a request once its answer has left, with X-Road's two times at the client, in milliseconds of the
 * epoch. `responseOutTs` is absent if the client went away before. The entry cannot have it: it is on disk before the answer
 * leaves. A request without a receipt has no entry, and no line: those of unknown clients are counted.
 */
export function logTimes(
  { requestId, surface, at, signal, connection }: Received,
  { receipt, refusal }: Pick<Recorded, 'receipt' | 'refusal'>,
  { observer, clock }: Pick<ExchangeDependencies, 'observer' | 'clock'>,
): void {
  if (receipt === undefined) return;
  connection.whenEnded(() =>
    observer.log('info', 'request', {
      requestId,
      surface,
      code: refusal?.code ?? 'none',
      requestInTs: at.getTime(),
      responseOutTs: signal.aborted ? undefined : clock.now().getTime(),
    }),
  );
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
