import express, { type Express } from 'express';
import { healthRouter, type HealthOptions } from './health.js';
import { createErrorHandler, type ErrorHandlerDependencies } from './error-handler.js';
import { ANSWER_HEADERS } from './respond.js';

/** Metrics as text, in the format of `contentType`. */
export interface MetricsSource {
  readonly contentType: string;
  read(): Promise<string>;
}

export interface OperationsDependencies extends ErrorHandlerDependencies {
  readonly metrics: MetricsSource;
  readonly health: Pick<HealthOptions, 'checks' | 'timeoutMs'>;
}

/**
 * Serves the address for operators: `/metrics`, and health with the names of the checks. Never on
 * the callers' port.
 */
export function operationsApp(dependencies: OperationsDependencies): Express {
  const { metrics, health } = dependencies;
  const { notFound, onError } = createErrorHandler(dependencies);
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.get('/metrics', async (_request, response) => {
    const text = await metrics.read();
    response.set(ANSWER_HEADERS).type(metrics.contentType).send(text);
  });
  app.use(healthRouter({ ...health, isDetailed: true }), notFound, onError);
  return app;
}
