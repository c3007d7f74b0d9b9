import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecorded } from '../run-pipeline.js';
import type { PlannedRequest, QuestionRun } from './apollo/hosted.js';
import { isTypeOfHost, sendLikeHost, type HostedDocuments } from './apollo/without-host.js';
import { checkHead, sendRecorded, type ExchangeDependencies } from './exchange.js';
import { receive, type ReceiveDependencies } from './receive.js';
import { renderGraphql } from './respond.js';
import type { RefuseStranger } from './strangers.js';

export interface GraphqlHandlerDependencies extends ReceiveDependencies, ExchangeDependencies {
  readonly connections: ReceiveDependencies['connections'] & ExchangeDependencies['connections'];
  readonly run: QuestionRun;
  /** Documents that need no host any more. */
  readonly hosted: HostedDocuments;
  /** Answers those without a token. */
  readonly refuseStranger: RefuseStranger;
}

/** Reads and plans a question. Answers it, or hands a text that is new to its host. Rejects only for our own faults, with nothing sent. */
export type GraphqlHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  host: (question: PlannedRequest) => void,
) => Promise<void>;

/**
 * Makes the handler of `/graphql`. It does without Express and Apollo Server, which cost more than the work here,
 * wherever they have nothing to add: a trusted document was parsed and validated at start, and a text when it was first
 * hosted. Every question is read, limited and planned here first, whichever way it takes.
 */
export function createGraphqlHandler(dependencies: GraphqlHandlerDependencies): GraphqlHandler {
  const { run, hosted, refuseStranger } = dependencies;
  return async (request, response, host) => {
    const refusal = checkHead({ request, response }, ['POST'], dependencies);
    if (refuseStranger({ request, response, surface: 'graphql' }, refusal)) return;
    const received = receive(request, response, 'graphql', dependencies);
    const exchange = { request, response, received };
    const prepared = refusal === undefined ? await run.prepare(received) : await run.refuse(received, refusal);
    if (isRecorded(prepared)) return sendRecorded(exchange, prepared, renderGraphql, dependencies);
    const { planned } = prepared.work;
    if (planned.trusted !== undefined) sendRecorded(exchange, await run.finish(prepared), renderGraphql, dependencies);
    else if (hosted.has(planned) && isTypeOfHost(request.headers.accept))
      sendLikeHost(exchange, await run.finish(prepared), dependencies);
    else host({ received, planned: prepared });
  };
}
