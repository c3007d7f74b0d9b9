import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { Refusal } from '../../schemas/refusal.js';
import { sendRefusal } from './send.js';

export interface LastResortDependencies {
  readonly random: Random;
  readonly observer: Observer;
}

/** The last two handlers of an Express application: nothing of Express' own pages, and no stack, ever leaves. */
export interface LastResort {
  /** For addresses that nobody serves. */
  readonly notFound: RequestHandler;
  /** For whatever a handler threw. */
  readonly onError: ErrorRequestHandler;
}

/** Makes the last two handlers; they are registered after all others. */
export function createLastResort({ random, observer }: LastResortDependencies): LastResort {
  return {
    notFound: (request, response) => sendRefusal(request, response, new Refusal('NOT_FOUND'), random.uuid()),
    onError: (error: unknown, request, response, next) => {
      // Express knows an error handler by its four parameters; nothing comes after this one.
      void next;
      const refusal = refusalFor(error);
      const requestId = random.uuid();
      if (refusal.code === 'INTERNAL_SERVER_ERROR') observer.log('error', 'http_handler_failed', { requestId, failure: error instanceof Error ? error.name : typeof error });
      if (response.headersSent) response.destroy();
      else sendRefusal(request, response, refusal, requestId);
    },
  };
}

/** Express marks what the client caused (a path that is no URI) with a status of 400 to 499. */
function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  const isClients = typeof status === 'number' && status >= 400 && status < 500;
  return new Refusal(isClients ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR', { cause: error });
}
