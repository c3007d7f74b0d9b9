import { caseFault, type CasePatterns } from '../../schemas/caller-texts/case-number.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Case } from '../../schemas/vocabulary.js';
import { isObject } from '../../schemas/objects.js';

/** One purpose, and the matter at hand, for which a token may be used. */
export interface GrantedPurpose {
  readonly purpose: string;
  readonly case: Case | undefined;
}

const TYPE = 'tereze_access';
const MEMBERS = ['type', 'purpose', 'case'];
const MAX_DETAILS = 20;
const PURPOSE = /^[a-z][a-z0-9_]{0,63}$/;
const AGENCY = /^[a-z][a-z0-9-]{0,62}$/;

/**
 * Reads `authorization_details` of type `tereze_access` (RFC 9396): the different purposes and cases
 * of a token. Details of other types are ignored.
 *
 * A detail with a restriction that the gateway does not enforce (`basis`, `categories`, `represented`,
 * `locations`) is refused; it is not read without its restriction. A case number that may hold the
 * number of a person or an organisation is refused, because the log contains cases.
 *
 * @throws Refusal `PURPOSE_REQUIRED`, `CASE_REQUIRED` or `CASE_NUMBER_INVALID`.
 */
export function grantedPurposes(details: unknown, patterns: CasePatterns): readonly GrantedPurpose[] {
  if (details === undefined) return [];
  if (!Array.isArray(details) || details.length > MAX_DETAILS)
    throw new Refusal('PURPOSE_REQUIRED', { reasons: ['details_malformed'] });
  const ours = (details as readonly unknown[]).filter((detail) => isObject(detail) && detail['type'] === TYPE);
  return distinct(ours.map((detail) => readDetail(detail as Record<string, unknown>, patterns)));
}

function readDetail(detail: Record<string, unknown>, patterns: CasePatterns): GrantedPurpose {
  const { purpose, case: matter } = detail;
  if (Object.keys(detail).some((member) => !MEMBERS.includes(member)))
    throw new Refusal('PURPOSE_REQUIRED', { reasons: ['details_restriction_unknown'] });
  if (typeof purpose !== 'string' || !PURPOSE.test(purpose))
    throw new Refusal('PURPOSE_REQUIRED', { reasons: ['details_purpose'] });
  return { purpose, case: matter === undefined ? undefined : readCase(matter, patterns) };
}

function readCase(matter: unknown, patterns: CasePatterns): Case {
  if (!isObject(matter) || Object.keys(matter).sort().join() !== 'agency,number')
    throw new Refusal('CASE_REQUIRED', { reasons: ['details_case'] });
  const { agency, number } = matter;
  if (typeof agency !== 'string' || !AGENCY.test(agency) || typeof number !== 'string')
    throw new Refusal('CASE_REQUIRED', { reasons: ['details_case'] });
  const fault = caseFault({ agency, number }, { patterns });
  if (fault !== undefined) throw new Refusal('CASE_NUMBER_INVALID', { reasons: [fault] });
  return { agency, number };
}

function distinct(granted: readonly GrantedPurpose[]): readonly GrantedPurpose[] {
  const key = ({ purpose, case: matter }: GrantedPurpose): string =>
    JSON.stringify([purpose, matter?.agency, matter?.number]);
  return [...new Map(granted.map((one) => [key(one), one])).values()];
}
