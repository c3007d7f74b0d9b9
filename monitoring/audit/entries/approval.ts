import type { CallerKind } from '../../../schemas/vocabulary.js';
import type { EntryLogReader, EntrySearchFilters } from './audit-read.js';
import { commonFields, type CommonFields, type EntryFacts } from './every-entry.js';
import type { EntryCase } from './request.js';
import type { EntrySubject } from './subject.js';

/** What a second officer approves. */
export type ApprovedAction = 'search' | 'export';

/**
 * What became of a request for the approval of a second officer. All entries of one approval have its id as `requestId`.
 * Committed together with the approval's own change.
 */
export interface ApprovalBody extends CommonFields<'approval'> {
  readonly act: 'approval_asked' | 'approval_given' | 'approval_refused' | 'approval_used' | 'approval_expired';
  /** The officer who asked, decided or used; of an approval that expired, `tereze` itself for the asker's agency. */
  readonly caller: Omit<EntryLogReader, 'kind'> & {
    readonly kind: EntryLogReader['kind'] | Extract<CallerKind, 'system'>;
  };
  /** What is to be approved. */
  readonly action: ApprovedAction;
  /** The officer who asked. */
  readonly asker: { readonly agency: string; readonly officer: string };
  /** SHA-256 of exactly what was asked, hex: the approval holds for nothing else. */
  readonly requestHash: string;
  readonly reason: string | null;
  readonly case: EntryCase | null;
  /** What the request is narrowed to. */
  readonly filters: EntrySearchFilters;
  /** The person that the request names, where it is asked; no one in the later entries. */
  readonly subjects: readonly EntrySubject[];
}

/** Returns the entry of an act on an approval. */
export function approvalActEntry({
  act,
  caller,
  action,
  asker,
  requestHash,
  reason,
  case: matter,
  filters,
  subjects,
  ...facts
}: EntryFacts<ApprovalBody>): ApprovalBody {
  return {
    ...commonFields('approval', facts),
    act,
    caller,
    action,
    asker,
    requestHash,
    reason,
    case: matter,
    filters,
    subjects,
  };
}
