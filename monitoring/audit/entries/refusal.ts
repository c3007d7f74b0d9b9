import { requestFields, type RequestFacts, type RequestFields } from './request.js';
import type { EntrySubject } from './subject.js';

/** An authenticated request that ended without data and without a register call. */
export interface RefusalBody extends RequestFields<'refusal'> {
  readonly code: string;
  readonly reasons: readonly string[];
  readonly subjects: readonly EntrySubject[];
  readonly categories: readonly string[];
  readonly policySet: string | null;
  /** Digest of the configuration with which the request was refused. Absent in versions 1 to 3. */
  readonly configuration: string;
  readonly answer: string | null;
}

/** Returns the entry of an authenticated request that was refused before its intent was written. */
export function refusalEntry({
  request,
  at,
  code,
  reasons,
  subjects,
  categories,
  policySet,
  configuration,
  answer,
}: RequestFacts<RefusalBody>): RefusalBody {
  return {
    ...requestFields('refusal', request, at),
    code,
    reasons,
    subjects,
    categories,
    policySet,
    configuration,
    answer,
  };
}
