import type { Planned, Received, Recorded } from '../../request.js';
import type { QuestionWork } from '../../stages/plan/graphql.js';

/** A question that was received and planned, nothing of it decided yet. */
export interface Admitted {
  readonly received: Received;
  readonly planned: Planned<QuestionWork>;
}

/** One planned request while Apollo Server hosts it: the executor carries it out once and puts the end here. */
export interface Hosted {
  readonly planned: Planned<QuestionWork>;
  recorded: Recorded | undefined;
}

/** Apollo Server's context value. It copies the outer object for each request, so what changes stands one level below. */
export interface HostContext {
  readonly hosted: Hosted;
}
