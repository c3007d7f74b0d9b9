import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../../schemas/refusal.js';
import { isRecorded } from '../run-pipeline.js';
import type { Admitted, QuestionRun } from './apollo/hosted.js';
import { readWithin, sendRecorded, type ExchangeDependencies } from './exchange.js';
import { receive, type ReceiveDependencies } from './receive.js';
import { renderGraphql } from './respond.js';

export interface QuestionEntranceDependencies extends ReceiveDependencies, ExchangeDependencies {
  readonly run: QuestionRun;
}

/** Reads and admits a question; answers it, or hands a text that was planned to its host. Rejects only for faults of our own, with nothing sent. */
export type QuestionEntrance = (
  request: IncomingMessage,
  response: ServerResponse,
  host: (admitted: Admitted) => void,
) => Promise<void>;

/**
 * The entrance for questions. It needs nothing of Express, whose objects cost more than what is done
 * here: nothing of a trusted document is left to parse, so it is finished here and needs no host.
 */
export function createQuestionEntrance(dependencies: QuestionEntranceDependencies): QuestionEntrance {
  const { run } = dependencies;
  return async (request, response, host) => {
    const received = receive(request, response, 'graphql', dependencies);
    const exchange = { request, response, received };
    const read = await readWithin(exchange, ['POST'], dependencies);
    const admitted = read instanceof Refusal ? await run.refuse(received, read) : await run.prepare(read);
    if (isRecorded(admitted)) sendRecorded(exchange, admitted, renderGraphql, dependencies);
    else if (admitted.work.planned.trusted !== undefined)
      sendRecorded(exchange, await run.finish(admitted), renderGraphql, dependencies);
    else host({ received, planned: admitted });
  };
}
