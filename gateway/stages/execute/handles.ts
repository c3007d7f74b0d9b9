import type { Handles } from '../../../policies/disclosure/port.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Executed, Intended } from '../../request.js';
import type { HandleAllowed, HandleOutcome, HandleWork } from '../plan/handles.js';

export interface ExecuteHandleDependencies {
  readonly handles: Handles;
}

/** Issues the handle that authorize has allowed. */
export async function executeHandle(
  request: Intended<HandleWork, HandleAllowed>,
  { handles }: ExecuteHandleDependencies,
): Promise<Executed<HandleWork, HandleAllowed, HandleOutcome>> {
  if (request.case === undefined) throw new Refusal('CASE_REQUIRED');
  const { subject, receiver } = request.work;
  const outcome = await handles.issue({
    subject,
    receiver,
    issuedBy: request.caller.system,
    purpose: request.purpose,
    case: request.case,
  });
  return { ...request, outcome };
}
