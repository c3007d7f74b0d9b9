import { isIin } from '../../schemas/identifiers/iin.js';
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
const CASE_NUMBER = /^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,63}$/u;

/**
 * Reads `authorization_details` of type `tereze_access` (RFC 9396): the different purposes and cases
 * of a token. Details of other types are ignored.
 *
 * A detail with a restriction that the gateway does not enforce (`basis`, `categories`, `represented`,
 * `locations`) is refused; it is not read without its restriction. A case number that holds a personal
 * number is refused, because the log contains cases.
 *
 * @throws Refusal `PURPOSE_REQUIRED` or `CASE_REQUIRED`.
 */
export function grantedPurposes(details: unknown): readonly GrantedPurpose[] {
  if (details === undefined) return [];
  if (!Array.isArray(details) || details.length > MAX_DETAILS)
    throw new Refusal('PURPOSE_REQUIRED', { reasons: ['details_malformed'] });
  const ours = (details as readonly unknown[]).filter((detail) => isObject(detail) && detail['type'] === TYPE);
  return distinct(ours.map((detail) => readDetail(detail as Record<string, unknown>)));
}

function readDetail(detail: Record<string, unknown>): GrantedPurpose {
  const { purpose, case: matter } = detail;
  if (Object.keys(detail).some((member) => !MEMBERS.includes(member)))
    throw new Refusal('PURPOSE_REQUIRED', { reasons: ['details_restriction_unknown'] });
  if (typeof purpose !== 'string' || !PURPOSE.test(purpose))
    throw new Refusal('PURPOSE_REQUIRED', { reasons: ['details_purpose'] });
  return { purpose, case: matter === undefined ? undefined : readCase(matter) };
}

function readCase(matter: unknown): Case {
  if (!isObject(matter) || Object.keys(matter).sort().join() !== 'agency,number')
    throw new Refusal('CASE_REQUIRED', { reasons: ['details_case'] });
  const { agency, number } = matter;
  const isCase =
    typeof agency === 'string' &&
    AGENCY.test(agency) &&
    typeof number === 'string' &&
    CASE_NUMBER.test(number) &&
    !holdsPerson(number);
  if (!isCase) throw new Refusal('CASE_REQUIRED', { reasons: ['details_case'] });
  return { agency, number };
}

function holdsPerson(text: string): boolean {
  const digits = text.replace(/[^0-9]/g, '');
  for (let start = 0; start + 12 <= digits.length; start += 1) {
    if (isIin(digits.slice(start, start + 12))) return true;
  }
  return false;
}

function distinct(granted: readonly GrantedPurpose[]): readonly GrantedPurpose[] {
  const key = ({ purpose, case: matter }: GrantedPurpose): string =>
    JSON.stringify([purpose, matter?.agency, matter?.number]);
  return [...new Map(granted.map((one) => [key(one), one])).values()];
}
