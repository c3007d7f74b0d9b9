import { textFault } from '../../../schemas/caller-texts/text-fault.js';
import { isIin } from '../../../schemas/identifiers/iin.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { NexusKind } from '../../../schemas/vocabulary.js';
import type { IssuedHandle } from '../../../policies/disclosure/port.js';
import type { Admitted, Change, Planned } from '../../request.js';
import { checkCase } from './check-case.js';
import { exactFields, textField } from './body-fields.js';

/** `POST /handles` asks for a handle for one person, which another caller will use. */
export interface HandleWork {
  /** The identifier. Never logged. */
  readonly subject: string;
  /** Client id of the caller that will use the handle. */
  readonly receiver: string;
}

/** The policies that allow the handle, and what ties the person to the case. */
export interface HandleAllowed {
  readonly policies: readonly string[];
  readonly nexus: NexusKind;
  readonly policySet: string;
}

/** The handle that `record` issues. */
export interface HandleOutcome {
  readonly change: Change<IssuedHandle>;
}

/** Reads the body `{ iin, for }`. Purpose and case come from the token. */
export async function planHandle(request: Admitted): Promise<Planned<HandleWork>> {
  const body = exactFields(request.body, ['iin', 'for']);
  const subject = textField(body, 'iin');
  if (!isIin(subject)) throw new Refusal('BAD_USER_INPUT', { reasons: ['iin'] });
  const receiver = textField(body, 'for');
  if (textFault(receiver, [subject]) !== undefined) throw new Refusal('BAD_USER_INPUT', { reasons: ['for'] });
  checkCase(request.case, [subject]);
  return {
    ...request,
    question: {
      surface: 'handles',
      purpose: request.purpose,
      case: request.case ?? null,
      documentHash: null,
      documentName: null,
      operationName: 'issueHandle',
    },
    named: { numbers: [subject], handles: [] },
    work: { subject, receiver },
  };
}
