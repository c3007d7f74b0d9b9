import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Observer } from '../../schemas/ports/observer.js';
import { Refusal } from '../../schemas/refusal.js';
import type { ConsentAllowed, ConsentOutcome, ConsentWork } from '../stages/plan/consents.js';
import type { HandleAllowed, HandleOutcome, HandleWork } from '../stages/plan/handles.js';
import type { Received, Recorded, SurfaceName } from '../request.js';
import { isRecorded, type Walk } from '../walk.js';
import type { Hosted } from './apollo/hosted.js';
import { releaseOnlyRecorded } from './apollo/release.js';
import type { QuestionWalk } from './apollo/server.js';
import { ANSWER_HEADERS } from './answer-headers.js';
import { readJsonBody, type BodyLimits } from './body.js';
import { healthRouter, type HealthOptions } from './health.js';
import type { InFlight } from './in-flight.js';
import { createLastResort } from './last-resort.js';
import { assertMethod } from './method.js';
import { receive, type ReceiveDependencies } from './receive.js';
import { renderAct, renderGraphql, type Rendered } from './render-answer.js';
import { sendAnswer } from './send.js';

/** The pipeline as HTTP sees it: one walk a surface. */
export interface Walks {
  readonly graphql: QuestionWalk;
  /** Absent where nothing is governed. */
  readonly handles?: Walk<HandleWork, HandleAllowed, HandleOutcome>;
  readonly consents?: Walk<ConsentWork, ConsentAllowed, ConsentOutcome>;
}

export interface RoutesDependencies extends ReceiveDependencies {
  readonly walks: Walks;
  /** Apollo Server as middleware; takes what `response.locals.hosted` holds. */
  readonly apollo: RequestHandler;
  readonly bodyLimits: BodyLimits;
  readonly inFlight: InFlight;
  readonly observer: Observer;
  readonly health: Omit<HealthOptions, 'isDetailed'>;
}

type AnyWalk = Pick<Walk<unknown, unknown, unknown>, 'refuse'> & { whole(received: Received): Promise<Recorded> };
type Render = (recorded: Recorded, accept: string | undefined) => Rendered<unknown>;

/** Everything that the callers' address answers. Whatever is refused here takes the same way as every refusal. */
export function createRoutes(dependencies: RoutesDependencies): Express {
  const { walks } = dependencies;
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.all('/graphql', graphqlRoute(dependencies), dependencies.apollo);
  app.use(healthRouter({ ...dependencies.health, isDetailed: false }));
  if (walks.handles) app.all('/handles', actRoute('handles', ['POST'], walks.handles, dependencies));
  if (walks.consents) {
    app.all('/consents', actRoute('consents', ['GET', 'POST'], walks.consents, dependencies));
    app.all('/consents/:id/withdraw', actRoute('consents', ['POST'], walks.consents, dependencies));
  }
  const { onError } = createLastResort(dependencies);
  app.use(refuseRoute(new Refusal('NOT_FOUND'), dependencies), onError);
  return app;
}

/** Reads and admits a question. A text goes on to Apollo Server, which asks for the rest of the way; a trusted document walks it here. */
function graphqlRoute(dependencies: RoutesDependencies): RequestHandler {
  const { walks } = dependencies;
  return async (request, response, next) => {
    const received = receive(request, response, 'graphql', dependencies);
    const read = await readWithin(request, response, received, ['POST'], dependencies);
    const admitted = read instanceof Refusal ? await walks.graphql.refuse(received, read) : await walks.graphql.admit(read);
    if (isRecorded(admitted)) return send(request, response, received, admitted, renderGraphql, dependencies);
    // Nothing of a trusted document is left to parse, so it has no need of a host.
    if (admitted.work.planned.trusted !== undefined) return send(request, response, received, await walks.graphql.carryOut(admitted), renderGraphql, dependencies);
    const hosted: Hosted = { planned: admitted, recorded: undefined };
    response.locals['hosted'] = hosted;
    response.set(ANSWER_HEADERS);
    releaseOnlyRecorded(response, hosted, async () => {
      hosted.recorded = await walks.graphql.refuse(admitted, new Refusal('INTERNAL_SERVER_ERROR'));
      send(request, response, received, hosted.recorded, renderGraphql, dependencies);
    });
    response.once('finish', () => count(received, hosted.recorded, dependencies));
    request.body = { query: admitted.work.text, ...(admitted.work.planned.operationName === undefined ? {} : { operationName: admitted.work.planned.operationName }) };
    next();
  };
}

/** A surface without a host of its own: the whole way, then JSON. */
function actRoute(surface: SurfaceName, methods: readonly string[], walk: AnyWalk, dependencies: RoutesDependencies): RequestHandler {
  return async (request, response) => {
    const received = receive(request, response, surface, dependencies);
    const read = await readWithin(request, response, received, methods, dependencies);
    const recorded = read instanceof Refusal ? await walk.refuse(received, read) : await walk.whole(read);
    send(request, response, received, recorded, renderAct, dependencies);
  };
}

function refuseRoute(refusal: Refusal, dependencies: RoutesDependencies): RequestHandler {
  return async (request, response) => {
    const received = receive(request, response, 'graphql', dependencies);
    send(request, response, received, await dependencies.walks.graphql.refuse(received, refusal), renderGraphql, dependencies);
  };
}

/** The request with its body, or why there is none. In flight from here until its answer has left. */
async function readWithin(request: Request, response: Response, received: Received, methods: readonly string[], { inFlight, bodyLimits }: RoutesDependencies): Promise<Received | Refusal> {
  try {
    const leave = inFlight.enter();
    response.once('close', leave);
    assertMethod(request.method, methods);
    if (request.method === 'GET') return received;
    return { ...received, body: await readJsonBody(request, bodyLimits) };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function send(request: Request, response: Response, received: Received, recorded: Recorded, render: Render, dependencies: RoutesDependencies): void {
  const { status, body } = render(recorded, request.headers.accept);
  sendAnswer(request, response, { status, body, refusal: recorded.refusal });
  count(received, recorded, dependencies);
}

function count({ surface }: Received, recorded: Recorded | undefined, { observer }: RoutesDependencies): void {
  const refusal = recorded?.refusal;
  observer.count('tereze_requests_total', { surface, outcome: refusal === undefined ? 'answered' : 'refused', code: refusal?.code ?? 'none' });
}
