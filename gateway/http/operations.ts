import express, { type Express } from 'express';
import { answerLive, asksForLive, readyRouter, type ReadinessCheck } from './health.js';
import { createErrorHandler, type ErrorHandlerDependencies } from './error-handler.js';
import { ANSWER_HEADERS } from './respond.js';

/** Metrics as text, in the format of `contentType`. */
export interface MetricsSource {
  readonly contentType: string;
  read(): Promise<string>;
}

export interface OperationsDependencies extends ErrorHandlerDependencies {
  readonly metrics: MetricsSource;
  readonly checks: readonly ReadinessCheck[];
}

/**
 * Serves the address for operators: `/metrics`, liveness, and readiness with the names of the checks.
 * The callers' address shows liveness only.
 */
export function operationsApp(dependencies: OperationsDependencies): Express {
  const { metrics, checks } = dependencies;
  const { notFound, onError } = createErrorHandler(dependencies);
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.get('/metrics', async (_request, response) => {
    const text = await metrics.read();
    response.set(ANSWER_HEADERS).type(metrics.contentType).send(text);
  });
  app.use((request, response, next) => (asksForLive(request) ? answerLive(request, response) : next()));
  app.use(readyRouter(checks), notFound, onError);
  return app;
}
