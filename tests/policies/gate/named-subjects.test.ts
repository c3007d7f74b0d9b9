import { expect } from 'chai';
import { deniedCategories } from '../../../policies/gate/category-decisions.js';
import { checkNamedSubjects } from '../../../policies/gate/named-subjects.js';
import { DECISIONS } from './gate-fixture.js';

const onConsentOnly = DECISIONS.filter(({ category }) => category === 'vehicles');

describe('named-subjects', () => {
  it('passes a person who could consent to everything, with a nexus or without', () => {
    expect(checkNamedSubjects(onConsentOnly, [{ age: 'adult', nexus: [] }], true).denied).to.equal(false);
  });

  it('denies them to a caller who cannot use consents', () => {
    expect(checkNamedSubjects(onConsentOnly, [{ age: 'adult', nexus: [] }], false).denied).to.equal(true);
  });

  it('denies a person who cannot consent, and names what stays closed', () => {
    const verdict = checkNamedSubjects(onConsentOnly, [{ age: 'minor', nexus: ['list'] }], true);
    expect(verdict).to.deep.equal({
      denied: true,
      reasons: ['policy'],
      categories: [{ category: 'vehicles', access: 'disclose' }],
    });
  });

  it('tells a missing nexus from one that no rule accepts', () => {
    expect(
      checkNamedSubjects(
        DECISIONS,
        [
          { age: 'adult', nexus: [] },
          { age: 'adult', nexus: ['self'] },
        ],
        true,
      ).reasons,
    ).to.deep.equal(['nexus', 'policy']);
  });

  it('leaves to the stage what is denied for every subject', () => {
    expect(checkNamedSubjects(DECISIONS, [{ age: 'adult', nexus: ['list'] }], true).denied).to.equal(false);
    expect(deniedCategories(DECISIONS).map(({ category }) => category)).to.deep.equal(['documents']);
  });

  it('denies nothing where the question names no one', () => {
    expect(checkNamedSubjects(DECISIONS, [], true).denied).to.equal(false);
  });
});
