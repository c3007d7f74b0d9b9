import { expect } from 'chai';
import { consentIdOf, type ConsentTerms } from '../../../policies/consent/consent-id.js';

const TERMS: ConsentTerms = {
  subjectToken: 'a'.repeat(64),
  agency: 'housing',
  purpose: 'housing_queue',
  caseNumber: '',
  categories: ['property.land', 'tax.income'],
};

describe('consent id', () => {
  it('is a UUID of version 8, the same for the same terms', () => {
    expect(consentIdOf(TERMS)).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(consentIdOf({ ...TERMS })).to.equal(consentIdOf(TERMS));
  });

  it('is another one for other terms', () => {
    const others: readonly Partial<ConsentTerms>[] = [
      { subjectToken: 'b'.repeat(64) },
      { agency: 'social' },
      { purpose: 'appeal_review' },
      { caseNumber: 'HQ-2026-000101' },
      { categories: ['property.land'] },
      { categories: ['property.land,tax.income'] },
    ];
    const ids = [TERMS, ...others.map((other) => ({ ...TERMS, ...other }))].map(consentIdOf);
    expect(new Set(ids)).to.have.length(ids.length);
  });
});
