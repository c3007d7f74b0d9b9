import type { Response } from 'express';
import type { Planned, Received, Recorded } from '../../request.js';
import type { PipelineRun } from '../../run-pipeline.js';
import type { QuestionWork } from '../../stages/plan/graphql.js';

/** The runner of the GraphQL surface, as its host sees it. */
export type QuestionRun = PipelineRun<QuestionWork>;

/** A question that was received and planned, nothing of it decided yet. */
export interface Admitted {
  readonly received: Received;
  readonly planned: Planned<QuestionWork>;
}

/** One planned request while Apollo Server hosts it: the executor finishes it once and puts the end here. */
export interface Hosted {
  readonly planned: Planned<QuestionWork>;
  recorded: Recorded | undefined;
}

/** Apollo Server's context value. It copies the outer object for each request, so what changes stands one level below. */
export interface HostContext {
  readonly hosted: Hosted;
}

/**
 * The last gate before bytes: whatever Apollo Server wants to send for a planned request leaves only
 * once something was recorded for it; else `refuse` answers in its place. No trace, no answer.
 */
export function releaseOnlyRecorded(response: Response, hosted: Hosted, refuse: () => Promise<void>): void {
  const send = response.send.bind(response);
  response.send = (body) => {
    if (hosted.recorded !== undefined) return send(body);
    void refuse();
    return response;
  };
}
