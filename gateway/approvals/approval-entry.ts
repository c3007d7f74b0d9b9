import { actEntry, type ActBody } from '../../monitoring/audit/entries.js';
import { fingerprintOf, type DocumentReach } from './reach.js';

/** An act on the approval of a document. */
export interface ApprovalAct {
  readonly act: Extract<ActBody['act'], `operation_${string}`>;
  readonly reach: DocumentReach;
  /** Id of the officer; undefined for the first load, which needs no officer. */
  readonly officer: string | undefined;
  readonly at: Date;
  readonly requestId: string;
}

/** Returns the entry of an act on the approval of a document. */
export function approvalEntry({ act, reach, officer, at, requestId }: ApprovalAct): ActBody {
  return actEntry({
    request: {
      requestId,
      question: {
        surface: 'operations',
        purpose: null,
        case: null,
        documentHash: reach.document,
        documentName: reach.name,
        operationName: null,
      },
      at: undefined,
      token: undefined,
      caller: { system: 'tereze', ...(officer === undefined ? { kind: 'system' } : { kind: 'officer', officer }) },
    },
    at,
    act,
    subjects: [],
    reference: `${reach.name}@${fingerprintOf(reach)}`,
    policies: [],
    answer: null,
  });
}
