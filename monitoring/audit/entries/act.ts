import type { EntryNexus } from './nexus.js';
import { requestFields, type RequestFacts, type RequestFields } from './request.js';
import type { EntrySubject } from './subject.js';

/**
 * A change of Tereze's own state by a citizen, an agency or an officer: a consent given, withdrawn or
 * confirmed, a handle issued or ended, a trusted document loaded for the first time, approved or withdrawn; or the reading of one's own consents.
 */
export interface ActBody extends RequestFields<'act'> {
  readonly act:
    | 'consent_given'
    | 'consent_withdrawn'
    | 'consent_confirmed'
    | 'consents_listed'
    | 'handle_issued'
    | 'handle_ended'
    | 'operation_loaded'
    | 'operation_approved'
    | 'operation_withdrawn';
  readonly subjects: readonly EntrySubject[];
  /** Id and revision of what was changed (`<consent id>@<revision>`, `<document>@<fingerprint>`), never the handle itself. */
  readonly reference: string | null;
  readonly policies: readonly string[];
  /** What ties the person of a new handle to the case. Null for another act. Absent in versions 1 to 3. */
  readonly nexus: EntryNexus | null;
  readonly answer: string | null;
}

/** Returns the entry of an act. Only a new handle has a nexus. */
export function actEntry({
  request,
  at,
  act,
  subjects,
  reference,
  policies,
  nexus = null,
  answer,
}: Omit<RequestFacts<ActBody>, 'nexus'> & { readonly nexus?: EntryNexus | null }): ActBody {
  return { ...requestFields('act', request, at), act, subjects, reference, policies, nexus, answer };
}
