import type { Access } from '../../../schemas/vocabulary.js';
import { requestFields, type RequestFacts, type RequestFields } from './request.js';
import type { EntrySubject } from './subject.js';

/** What is about to happen. Written before the first register is called. */
export interface IntentBody extends RequestFields<'intent'> {
  readonly reads: readonly EntryRead[];
  /** The calls that the plan makes if it runs to its end. Left out if it makes none, and absent in versions 1 and 2. */
  readonly planned?: readonly EntryPlannedCalls[];
  /** The people that the question names. */
  readonly subjects: readonly EntrySubject[];
  readonly policySet: string;
  readonly catalogue: string;
  /** Digest of the configuration. Absent in versions 1 to 3. */
  readonly configuration: string;
}

/** A schema coordinate that the plan reads, with its category. */
export interface EntryRead {
  readonly register: string;
  readonly coordinate: string;
  readonly category: string;
  readonly access: Access;
}

/**
 * How many fetches of a plan are from one register. One fetch may be sent as several calls: in chunks, in pages, or a
 * second time.
 */
export interface EntryPlannedCalls {
  readonly register: string;
  readonly fetches: number;
}

/** Returns the entry of what is about to happen. */
export function intentEntry({
  request,
  at,
  reads,
  planned = [],
  subjects,
  policySet,
  catalogue,
  configuration,
}: RequestFacts<IntentBody>): IntentBody {
  return {
    ...requestFields('intent', request, at),
    reads,
    ...(planned.length === 0 ? {} : { planned }),
    subjects,
    policySet,
    catalogue,
    configuration,
  };
}
