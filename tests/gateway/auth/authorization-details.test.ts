import { expect } from 'chai';
import { casePatterns } from '../../../gateway/auth/case-patterns.js';
import { grantedPurposes } from '../../../gateway/auth/authorization-details.js';
import { Refusal } from '../../../schemas/refusal.js';
import { CITIZEN } from './party.js';

/** The agency `courts` declares case numbers that can look like the number of a person. */
const read = (details: unknown) =>
  grantedPurposes(details, casePatterns([{ id: 'courts', bin: '', name: '', case_pattern: '^[0-9]{12}$' }]));

const QUEUE = { type: 'tereze_access', purpose: 'housing_queue' };
const CASE = { agency: 'housing', number: 'HQ-2026-000101' };

describe('grantedPurposes', () => {
  it('reads what is of our type, each different purpose and case once', () => {
    expect(read([QUEUE, { ...QUEUE, case: CASE }, QUEUE, { type: 'other', purpose: 7 }, 'text', null])).to.deep.equal([
      { purpose: 'housing_queue', case: undefined },
      { purpose: 'housing_queue', case: CASE },
    ]);
  });

  it('takes case numbers in any script', () => {
    expect(read([{ ...QUEUE, case: { agency: 'housing', number: 'Өтініш-2026/17' } }])).to.have.lengthOf(1);
  });

  it('takes a case number that looks like a personal number from an agency that declares this form', () => {
    expect(read([{ ...QUEUE, case: { agency: 'courts', number: CITIZEN } }])).to.have.lengthOf(1);
  });

  const refused: readonly (readonly [string, unknown, string])[] = [
    ['what is no list', { 0: QUEUE }, 'PURPOSE_REQUIRED details_malformed'],
    ['too many details', Array.from({ length: 21 }, () => QUEUE), 'PURPOSE_REQUIRED details_malformed'],
    ['a purpose that is no word', [{ ...QUEUE, purpose: 'Housing queue' }], 'PURPOSE_REQUIRED details_purpose'],
    ['no purpose', [{ type: 'tereze_access' }], 'PURPOSE_REQUIRED details_purpose'],
    [
      'a restriction that would not be enforced: categories',
      [{ ...QUEUE, categories: ['population.identity'] }],
      'PURPOSE_REQUIRED details_restriction_unknown',
    ],
    [
      'a restriction that would not be enforced: locations',
      [{ ...QUEUE, locations: ['https://elsewhere.example'] }],
      'PURPOSE_REQUIRED details_restriction_unknown',
    ],
    ['a case that is a text', [{ ...QUEUE, case: 'HQ-2026-000101' }], 'CASE_REQUIRED details_case'],
    ['a case without agency', [{ ...QUEUE, case: { number: 'HQ-1' } }], 'CASE_REQUIRED details_case'],
    ['a case with more', [{ ...QUEUE, case: { ...CASE, person: 'x' } }], 'CASE_REQUIRED details_case'],
    ['a case number with line breaks', [{ ...QUEUE, case: { ...CASE, number: 'HQ\n1' } }], 'CASE_NUMBER_INVALID form'],
    [
      'a case number that is a personal number',
      [{ ...QUEUE, case: { ...CASE, number: CITIZEN } }],
      'CASE_NUMBER_INVALID identity_number',
    ],
    [
      'a case number that hides a personal number',
      [{ ...QUEUE, case: { ...CASE, number: `HQ-${CITIZEN.slice(0, 6)}-${CITIZEN.slice(6)}` } }],
      'CASE_NUMBER_INVALID identity_number',
    ],
    [
      'an agency whose name is a personal number',
      [{ ...QUEUE, case: { ...CASE, agency: `a${CITIZEN}` } }],
      'CASE_NUMBER_INVALID identity_number',
    ],
    [
      'a case number in the form of another agency',
      [{ ...QUEUE, case: { agency: 'housing', number: CITIZEN } }],
      'CASE_NUMBER_INVALID identity_number',
    ],
  ];
  for (const [what, details, expected] of refused) {
    it(`refuses ${what}`, () => {
      expect(outcome(details)).to.equal(expected);
    });
  }
});

function outcome(details: unknown): string {
  try {
    read(details);
    return 'read';
  } catch (error) {
    if (error instanceof Refusal) return [error.code, ...error.reasons].join(' ');
    throw error;
  }
}
