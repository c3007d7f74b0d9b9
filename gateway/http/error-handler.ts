import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { Refusal } from '../../schemas/refusal.js';
import { sendRefusal } from './respond.js';

export interface LastResortDependencies {
  readonly random: Random;
  readonly observer: Observer;
}

/** What answers when nothing else did: no page of Express', and no stack, ever leaves. */
export interface LastResort {
  /** For addresses that nobody serves. */
  readonly notFound: RequestHandler;
  /** For whatever a handler of Express threw. */
  readonly onError: ErrorRequestHandler;
  /** The same where Express is not involved. */
  answerFailure(error: unknown, request: IncomingMessage, response: ServerResponse): void;
}

/** Makes the last answers; the two handlers are registered after all others. */
export function createLastResort({ random, observer }: LastResortDependencies): LastResort {
  const answerFailure: LastResort['answerFailure'] = (error, request, response) => {
    const refusal = refusalFor(error);
    const requestId = random.uuid();
    if (refusal.code === 'INTERNAL_SERVER_ERROR')
      observer.log('error', 'http_handler_failed', {
        requestId,
        failure: error instanceof Error ? error.name : typeof error,
      });
    if (response.headersSent) response.destroy();
    else sendRefusal(request, response, refusal, requestId);
  };
  return {
    notFound: (request, response) => sendRefusal(request, response, new Refusal('NOT_FOUND'), random.uuid()),
    onError: (error: unknown, request, response, next) => {
      // Express knows an error handler by its four parameters; nothing comes after this one.
      void next;
      answerFailure(error, request, response);
    },
    answerFailure,
  };
}

/** Express marks what the client caused (a path that is no URI) with a status of 400 to 499. */
function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  const isClients = typeof status === 'number' && status >= 400 && status < 500;
  return new Refusal(isClients ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR', { cause: error });
}
