import type { Response } from 'express';
import type { Planned, Received, Recorded } from '../../request.js';
import type { PipelineRun } from '../../run-pipeline.js';
import type { QuestionWork } from '../../stages/plan/graphql.js';

/** The runner of the GraphQL surface, as its host sees it. */
export type QuestionRun = PipelineRun<QuestionWork>;

/** A question that was received and planned; nothing of it is decided yet. */
export interface PlannedRequest {
  readonly received: Received;
  readonly planned: Planned<QuestionWork>;
}

/** One planned request while Apollo Server hosts it. The executor finishes it once and sets `recorded`. */
export interface ApolloContext {
  readonly planned: Planned<QuestionWork>;
  recorded: Recorded | undefined;
}

/**
 * Apollo Server's context value. Apollo copies this object for each request, so the part that
 * changes is one level below.
 */
export interface ApolloContextValue {
  readonly apolloContext: ApolloContext;
}

/**
 * Lets Apollo Server send a response only after an answer was recorded for the request. Otherwise
 * `refuse` answers: without an entry in the log there is no answer.
 */
export function releaseOnlyRecorded(
  response: Response,
  apolloContext: ApolloContext,
  refuse: () => Promise<void>,
): void {
  const send = response.send.bind(response);
  response.send = (body) => {
    if (apolloContext.recorded !== undefined) return send(body);
    void refuse();
    return response;
  };
}
