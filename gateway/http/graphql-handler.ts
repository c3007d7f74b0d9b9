import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecorded } from '../run-pipeline.js';
import type { PlannedRequest, QuestionRun } from './apollo/hosted.js';
import { checkHead, sendRecorded, type ExchangeDependencies } from './exchange.js';
import { receive, type ReceiveDependencies } from './receive.js';
import { renderGraphql } from './respond.js';
import type { RefuseStranger } from './strangers.js';

export interface GraphqlHandlerDependencies extends ReceiveDependencies, ExchangeDependencies {
  readonly connections: ReceiveDependencies['connections'] & ExchangeDependencies['connections'];
  readonly run: QuestionRun;
  /** Answers those without a token. */
  readonly refuseStranger: RefuseStranger;
}

/** Reads and plans a question. Answers it, or hands a planned text to its host. Rejects only for our own faults, with nothing sent. */
export type GraphqlHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  host: (question: PlannedRequest) => void,
) => Promise<void>;

/**
 * Makes the handler of `/graphql`. It does without Express, whose objects cost more than the work here:
 * a trusted document is parsed already, so it is finished here and needs no host.
 */
export function createGraphqlHandler(dependencies: GraphqlHandlerDependencies): GraphqlHandler {
  const { run, refuseStranger } = dependencies;
  return async (request, response, host) => {
    const refusal = checkHead({ request, response }, ['POST'], dependencies);
    if (refuseStranger({ request, response, surface: 'graphql' }, refusal)) return;
    const received = receive(request, response, 'graphql', dependencies);
    const exchange = { request, response, received };
    const prepared = refusal === undefined ? await run.prepare(received) : await run.refuse(received, refusal);
    if (isRecorded(prepared)) sendRecorded(exchange, prepared, renderGraphql, dependencies);
    else if (prepared.work.planned.trusted !== undefined)
      sendRecorded(exchange, await run.finish(prepared), renderGraphql, dependencies);
    else host({ received, planned: prepared });
  };
}
