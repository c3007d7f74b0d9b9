import express, { type Express, type RequestHandler, type Response } from 'express';
import type { Observer } from '../../schemas/ports/observer.js';
import { Refusal } from '../../schemas/refusal.js';
import type { ConsentWork } from '../stages/plan/consents.js';
import type { HandleWork } from '../stages/plan/handles.js';
import type { SurfaceName } from '../request.js';
import type { PipelineRun } from '../run-pipeline.js';
import { releaseOnlyRecorded, type PlannedRequest, type ApolloContext, type QuestionRun } from './apollo/hosted.js';
import { checkHead, countRequest, logTimes, sendRecorded, type ExchangeDependencies } from './exchange.js';
import { createErrorHandler } from './error-handler.js';
import type { GraphqlHandler } from './graphql-handler.js';
import { receive, type ReceiveDependencies } from './receive.js';
import type { RefuseStranger } from './strangers.js';
import { ANSWER_HEADERS, renderAct, renderGraphql } from './respond.js';

/** The pipeline as HTTP sees it: one runner for each surface. */
export interface PipelineRuns {
  readonly graphql: QuestionRun;
  /** Absent where nothing is governed. */
  readonly handles?: PipelineRun<HandleWork>;
  readonly consents?: PipelineRun<ConsentWork>;
}

export interface RoutesDependencies extends ReceiveDependencies, ExchangeDependencies {
  readonly connections: ReceiveDependencies['connections'] & ExchangeDependencies['connections'];
  readonly runs: PipelineRuns;
  /** Answers those without a token. */
  readonly refuseStranger: RefuseStranger;
  /** Takes questions that were not planned before. */
  readonly handleGraphql: GraphqlHandler;
  /** Apollo Server as middleware. It reads `response.locals.apolloContext`. */
  readonly apollo: RequestHandler;
  readonly observer: Observer;
}

/** Makes all routes of the callers' address. A refusal here is recorded like every other refusal. */
export function createRoutes(dependencies: RoutesDependencies): Express {
  const { runs } = dependencies;
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.all('/graphql', planRoute(dependencies), hostRoute(dependencies), dependencies.apollo);
  if (runs.handles) app.all('/handles', actRoute('handles', ['POST'], runs.handles, dependencies));
  if (runs.consents) {
    app.all('/consents', actRoute('consents', ['GET', 'POST'], runs.consents, dependencies));
    for (const act of ['withdraw', 'confirm'])
      app.all(`/consents/:id/${act}`, actRoute('consents', ['POST'], runs.consents, dependencies, { act }));
  }
  const { onError } = createErrorHandler(dependencies);
  app.use(refuseRoute(new Refusal('NOT_FOUND'), dependencies), onError);
  return app;
}

/** What the handlers of one route hand to each other. */
interface Locals {
  question?: PlannedRequest;
  apolloContext?: ApolloContext;
}

/** Hands a planned question to Express, whose handlers read `locals`. */
export function setLocals(response: object, question: PlannedRequest): void {
  const locals: Locals = { question };
  Object.assign(response, { locals });
}

/** Takes the spellings of the address that only Express knows; the handler before it took the common one. */
function planRoute({ handleGraphql }: RoutesDependencies): RequestHandler {
  return async (request, response, next) => {
    const locals = response.locals as Locals;
    if (locals.question !== undefined) return next();
    await handleGraphql(request, response, (question) => {
      locals.question = question;
      next();
    });
  };
}

/** Prepares a planned text for Apollo Server, which then calls the executor. */
function hostRoute(dependencies: RoutesDependencies): RequestHandler {
  const { runs } = dependencies;
  return (request, response, next) => {
    const { received, planned } = plannedRequestOf(response);
    const apolloContext: ApolloContext = { planned, recorded: undefined };
    (response.locals as Locals).apolloContext = apolloContext;
    response.set(ANSWER_HEADERS);
    releaseOnlyRecorded(response, apolloContext, async () => {
      apolloContext.recorded = await runs.graphql.refuse(planned, new Refusal('INTERNAL_SERVER_ERROR'));
      sendRecorded({ request, response, received }, apolloContext.recorded, renderGraphql, dependencies);
    });
    response.once('finish', () => {
      const { recorded } = apolloContext;
      countRequest(received, recorded, dependencies);
      if (recorded !== undefined) logTimes(received, recorded, dependencies);
    });
    const { text, planned: document } = planned.work;
    request.body = {
      query: text,
      ...(document.operationName === undefined ? {} : { operationName: document.operationName }),
    };
    next();
  };
}

function plannedRequestOf({ locals }: Response): PlannedRequest {
  const { question } = locals as Locals;
  if (question === undefined) throw new Error('a question is hosted only once it is planned');
  return question;
}

/**
 * Serves a surface that has no host: runs the whole pipeline and sends JSON.
 *
 * @param parameters what the address means beside its own parameters.
 */
function actRoute(
  surface: SurfaceName,
  methods: readonly string[],
  pipeline: Pick<PipelineRun<unknown>, 'refuse' | 'run'>,
  dependencies: RoutesDependencies,
  parameters: Readonly<Record<string, string>> = {},
): RequestHandler {
  return async (request, response) => {
    Object.assign(request.params, parameters);
    const refusal = checkHead({ request, response }, methods, dependencies);
    if (dependencies.refuseStranger({ request, response, surface }, refusal)) return;
    const received = receive(request, response, surface, dependencies);
    const exchange = { request, response, received };
    const recorded = refusal === undefined ? await pipeline.run(received) : await pipeline.refuse(received, refusal);
    sendRecorded(exchange, recorded, renderAct, dependencies);
  };
}

function refuseRoute(refusal: Refusal, dependencies: RoutesDependencies): RequestHandler {
  return async (request, response) => {
    if (dependencies.refuseStranger({ request, response, surface: 'graphql' }, refusal)) return;
    const received = receive(request, response, 'graphql', dependencies);
    sendRecorded(
      { request, response, received },
      await dependencies.runs.graphql.refuse(received, refusal),
      renderGraphql,
      dependencies,
    );
  };
}
