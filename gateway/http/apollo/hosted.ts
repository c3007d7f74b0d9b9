import type { Planned, Recorded } from '../../request.js';
import type { QuestionWork } from '../../stages/plan/graphql.js';

/** One planned request while Apollo Server hosts it: the executor carries it out once and puts the end here. */
export interface Hosted {
  readonly planned: Planned<QuestionWork>;
  recorded: Recorded | undefined;
}

/** Apollo Server's context value. It copies the outer object for each request, so what changes stands one level below. */
export interface HostContext {
  readonly hosted: Hosted;
}
