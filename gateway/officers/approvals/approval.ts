import { createHash } from 'node:crypto';
import { canonicalBytes } from '../../../monitoring/audit/canonical.js';
import type { ApprovedAction, EntryCase, EntrySearchFilters } from '../../../monitoring/audit/entries.js';
import type { SearchedPerson } from '../../../monitoring/audit/search/searched-person.js';
import type { Officer, OfficerId, Officers } from '../officer.js';

/** What is to be approved, exactly. */
export interface ApprovalRequest {
  readonly action: ApprovedAction;
  readonly filters: EntrySearchFilters;
  readonly person: SearchedPerson | undefined;
  /** Rows at most; null for an export, which has no limit. */
  readonly limit: number | null;
  /** Cursor of an earlier page. */
  readonly after: string | undefined;
  /** Of an export, its format. */
  readonly format?: string | undefined;
  readonly reason: string;
  readonly case: EntryCase;
}

/** What a second officer sees of a request: everything but the number of the person. */
export interface ShownRequest extends Omit<ApprovalRequest, 'action' | 'person' | 'after' | 'format'> {
  /** Whether it names a person. */
  readonly namesPerson: boolean;
  /** Whether it is a further page. */
  readonly isContinued: boolean;
  readonly format: string | null;
}

/** How far an approval came. */
export type ApprovalState = 'asked' | 'approved' | 'refused' | 'used' | 'expired';

/** A request for the approval of a second officer. */
export interface Approval {
  readonly id: string;
  readonly action: ApprovedAction;
  readonly state: ApprovalState;
  readonly asker: OfficerId & { readonly agency: string };
  /** The second officer; undefined until one has decided. */
  readonly second: OfficerId | undefined;
  /** ISO 8601, UTC. */
  readonly askedAt: string;
  readonly expiresAt: string;
  /** SHA-256 of exactly what was asked, hex. */
  readonly hash: string;
  readonly shown: ShownRequest;
}

/**
 * Returns the SHA-256 (hex) of exactly what an officer asks: RFC 8785 of action, asker and everything that decides what is
 * read. The person is in it by the keyed token of the newest key, so that no one can try numbers without the key; a
 * request from before a change of the key has to be asked again.
 */
export function approvalHash(asker: OfficerId, { person, reason, case: matter, ...request }: ApprovalRequest): string {
  const { action, filters, limit, after = null, format = null } = request;
  const { issuer, subject } = asker;
  const exact = {
    ...{ version: 1, action, asker: { issuer, subject }, filters, limit, after, format, reason },
    case: { agency: matter.agency, number: matter.number },
    person: person?.tokens[0] ?? null,
  };
  return createHash('sha256').update(canonicalBytes(exact)).digest('hex');
}

/** Returns what a second officer sees of a request. */
export function shownRequest({
  filters,
  person,
  limit,
  after,
  format,
  reason,
  case: matter,
}: ApprovalRequest): ShownRequest {
  return {
    filters,
    limit,
    reason,
    case: { agency: matter.agency, number: matter.number },
    namesPerson: person !== undefined,
    isContinued: after !== undefined,
    format: format ?? null,
  };
}

/** Returns whether an officer may decide about requests of an agency: as a second officer of that agency, or of all. */
export function isSecondFor({ roles, agency }: Pick<Officer, 'roles' | 'agency'>, askersAgency: string): boolean {
  return roles.has('second') && (agency === askersAgency || roles.has('national'));
}

/** Returns whether the officer who approved may still do so, by the configuration of now. */
export function isStillSecond(
  { second, asker }: Pick<Approval, 'second' | 'asker'>,
  officers: Pick<Officers, 'registered'>,
): boolean {
  const registered = second && officers.registered(second);
  return registered !== undefined && isSecondFor(registered, asker.agency);
}
