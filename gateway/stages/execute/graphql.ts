import type { Executor } from '../../execution/port.js';
import type { Executed, Intended } from '../../request.js';
import { onBehalfOf } from './on-behalf-of.js';
import type { QuestionAllowed, QuestionOutcome, QuestionWork } from '../plan/graphql.js';

/** Walks the plan: consent gate, fetch, quality, per plan node. */
export function createExecuteQuestion({ executor }: { readonly executor: Executor }) {
  return async (
    request: Intended<QuestionWork, QuestionAllowed>,
  ): Promise<Executed<QuestionWork, QuestionAllowed, QuestionOutcome>> => {
    const { planned } = request.work;
    const outcome = await executor.execute({
      requestId: request.requestId,
      planned,
      variables: request.allowed.variables,
      gate: request.allowed.gate,
      deadline: request.deadline,
      signal: request.signal,
      onBehalfOf: onBehalfOf(request),
      receiver: request.caller.system,
      caseNumber: request.case?.number ?? '',
      atomic: planned.atomic,
    });
    return { ...request, outcome };
  };
}
