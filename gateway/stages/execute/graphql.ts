import type { Executor } from '../../execution/port.js';
import type { Executed, Intended } from '../../request.js';
import { onBehalfOf } from './on-behalf-of.js';
import type { QuestionAllowed, QuestionOutcome, QuestionWork } from '../plan/graphql.js';

export interface ExecuteQuestionDependencies {
  readonly executor: Executor;
}

/** Executes the plan: consent gate, fetch and quality for each plan node. */
export async function executeQuestion(
  request: Intended<QuestionWork, QuestionAllowed>,
  { executor }: ExecuteQuestionDependencies,
): Promise<Executed<QuestionWork, QuestionAllowed, QuestionOutcome>> {
  const { planned } = request.work;
  const outcome = await executor.execute({
    requestId: request.requestId,
    accessRecord: request.access,
    planned,
    variables: request.allowed.variables,
    gate: request.allowed.gate,
    deadline: request.deadline,
    signal: request.signal,
    claimant: request.claimant,
    onBehalfOf: onBehalfOf(request),
    receiver: request.caller.system,
    caseNumber: request.case?.number ?? '',
    atomic: planned.atomic,
  });
  return { ...request, outcome };
}
