import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { Refusal } from '../../schemas/refusal.js';
import { sendRefusal } from './respond.js';

export interface ErrorHandlerDependencies {
  readonly random: Random;
  readonly observer: Observer;
}

/** Final error handlers. They replace Express's error pages and never send a stack trace. */
export interface ErrorHandler {
  /** For addresses that have no route. */
  readonly notFound: RequestHandler;
  /** For errors that a handler of Express threw. */
  readonly onError: ErrorRequestHandler;
  /** The same for requests that do not pass Express. */
  answerFailure(error: unknown, request: IncomingMessage, response: ServerResponse): void;
}

/** Makes the final handlers. `notFound` and `onError` are registered after all others. */
export function createErrorHandler({ random, observer }: ErrorHandlerDependencies): ErrorHandler {
  const answerFailure: ErrorHandler['answerFailure'] = (error, request, response) => {
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
      // Express recognises an error handler by its four parameters; no handler follows this one.
      void next;
      answerFailure(error, request, response);
    },
    answerFailure,
  };
}

/** Express marks a client's fault, such as a path that is not a URI, with a status of 400 to 499. */
function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  const isClients = typeof status === 'number' && status >= 400 && status < 500;
  return new Refusal(isClients ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR', { cause: error });
}
