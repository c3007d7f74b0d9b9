import type { CasePatterns } from '../../schemas/caller-texts/case-number.js';
import { Refusal } from '../../schemas/refusal.js';
import type { CallerKind } from '../../schemas/vocabulary.js';
import { grantedPurposes, type GrantedPurpose } from './authorization-details.js';

/** The purpose of everything that citizens do with their own data. */
export const OWN_DATA = 'own_data';

/** What the headers of a request say about its purpose. Both may only narrow what the token grants. */
export interface Narrowing {
  /** Header `Tereze-Purpose`. */
  readonly purpose: string | undefined;
  /** Header `Tereze-Case`: a case number, or `agency:number`. */
  readonly case: string | undefined;
}

/** Returns whether a purpose needs a case; undefined for an unknown purpose. */
export type CaseRule = (purpose: string) => boolean | undefined;

/**
 * Returns exactly one purpose, and its case if the purpose needs one. They come from the token's
 * `authorization_details`, narrowed by the headers.
 *
 * @throws Refusal `PURPOSE_REQUIRED` when not exactly one purpose remains, `CASE_REQUIRED` when not
 * exactly one case remains, `CASE_NUMBER_INVALID` for a case that may not stand in the log, `CITIZEN_REQUIRED` when a caller of another kind asks for the citizen's own purpose.
 */
export function createPurposeRule(needsCase: CaseRule, patterns: CasePatterns) {
  return (kind: CallerKind, details: unknown, headers: Narrowing): GrantedPurpose => {
    const granted = grantedPurposes(details, patterns);
    if (kind === 'citizen') return ownData(granted, headers);
    const remaining = narrowed(granted, headers);
    if (remaining.purpose === OWN_DATA) throw new Refusal('CITIZEN_REQUIRED');
    const caseNeeded = needsCase(remaining.purpose);
    if (caseNeeded === undefined) throw new Refusal('PURPOSE_REQUIRED', { reasons: ['purpose_unknown'] });
    if (caseNeeded && remaining.case === undefined) throw new Refusal('CASE_REQUIRED', { reasons: ['case_missing'] });
    return remaining;
  };
}

/** Citizens ask about themselves. A token or a header with another purpose is refused. */
function ownData(granted: readonly GrantedPurpose[], headers: Narrowing): GrantedPurpose {
  const isGranted =
    granted.length === 0 || granted.some(({ purpose, case: matter }) => purpose === OWN_DATA && matter === undefined);
  if (!isGranted || (headers.purpose ?? OWN_DATA) !== OWN_DATA)
    throw new Refusal('PURPOSE_REQUIRED', { reasons: ['purpose_not_granted'] });
  if (headers.case !== undefined) throw new Refusal('CASE_REQUIRED', { reasons: ['case_not_granted'] });
  return { purpose: OWN_DATA, case: undefined };
}

function narrowed(granted: readonly GrantedPurpose[], headers: Narrowing): GrantedPurpose {
  if (granted.length === 0) throw new Refusal('PURPOSE_REQUIRED', { reasons: ['purpose_missing'] });
  const ofPurpose = granted.filter(({ purpose }) => headers.purpose === undefined || purpose === headers.purpose);
  if (ofPurpose.length === 0) throw new Refusal('PURPOSE_REQUIRED', { reasons: ['purpose_not_granted'] });
  const ofCase = ofPurpose.filter(({ case: matter }) => headers.case === undefined || isNamedBy(headers.case, matter));
  if (ofCase.length === 0) throw new Refusal('CASE_REQUIRED', { reasons: ['case_not_granted'] });
  return only(ofCase);
}

function isNamedBy(header: string, matter: GrantedPurpose['case']): boolean {
  return matter !== undefined && (header === matter.number || header === `${matter.agency}:${matter.number}`);
}

function only(remaining: readonly GrantedPurpose[]): GrantedPurpose {
  const [first, ...more] = remaining;
  if (first === undefined || more.some(({ purpose }) => purpose !== first.purpose))
    throw new Refusal('PURPOSE_REQUIRED', { reasons: ['purpose_ambiguous'] });
  if (more.length > 0) throw new Refusal('CASE_REQUIRED', { reasons: ['case_ambiguous'] });
  return first;
}
