import type { Handles } from '../../../policies/disclosure/port.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Executed, Intended } from '../../request.js';
import type { HandleAllowed, HandleOutcome, HandleWork } from '../plan/handles.js';
import { assertMayGive, type FenceDependencies } from './may-give.js';

export interface ExecuteHandleDependencies extends FenceDependencies {
  readonly handles: Handles;
}

/** Prepares to issue the handle that authorize has allowed. */
export async function executeHandle(
  request: Intended<HandleWork, HandleAllowed>,
  { handles, fence }: ExecuteHandleDependencies,
): Promise<Executed<HandleWork, HandleAllowed, HandleOutcome>> {
  assertMayGive({ fence });
  const { case: matter, purpose, caller, work } = request;
  if (matter === undefined) throw new Refusal('CASE_REQUIRED');
  const issue = { ...work, issuedBy: caller.system, purpose, case: matter };
  return { ...request, outcome: { change: (tx) => handles.issue(tx, issue) } };
}
