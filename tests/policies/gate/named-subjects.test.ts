import { expect } from 'chai';
import { deniedCategories } from '../../../policies/gate/category-decisions.js';
import type { SubjectFacts } from '../../../policies/gate/fulfilled-permission.js';
import { checkNamedSubjects } from '../../../policies/gate/named-subjects.js';
import { DECISIONS } from './gate-fixture.js';

const onConsentOnly = DECISIONS.filter(({ category }) => category === 'vehicles');

const person = (age: SubjectFacts['age'], ...nexus: SubjectFacts['nexus']): SubjectFacts => ({
  age,
  nexus,
  tieNeeded: true,
});

describe('named-subjects', () => {
  it('passes a person tied to the case who could consent to everything', () => {
    expect(checkNamedSubjects(onConsentOnly, [person('adult', 'list')], true).denied).to.equal(false);
  });

  it('denies a person without a tie to the case, although they could consent', () => {
    expect(checkNamedSubjects(onConsentOnly, [person('adult')], true)).to.deep.include({
      denied: true,
      reasons: ['nexus'],
    });
  });

  it('denies them to a caller who cannot use consents', () => {
    expect(checkNamedSubjects(onConsentOnly, [person('adult', 'list')], false).denied).to.equal(true);
  });

  it('denies a person who cannot consent, and names what stays closed', () => {
    const verdict = checkNamedSubjects(onConsentOnly, [person('minor', 'list')], true);
    expect(verdict).to.deep.equal({
      denied: true,
      reasons: ['policy'],
      categories: [{ category: 'vehicles', access: 'disclose' }],
    });
  });

  it('tells a missing nexus from one that no rule accepts', () => {
    expect(checkNamedSubjects(DECISIONS, [person('adult'), person('adult', 'self')], true).reasons).to.deep.equal([
      'nexus',
      'policy',
    ]);
  });

  it('leaves to the stage what is denied for every subject', () => {
    expect(checkNamedSubjects(DECISIONS, [person('adult', 'list')], true).denied).to.equal(false);
    expect(deniedCategories(DECISIONS).map(({ category }) => category)).to.deep.equal(['documents']);
  });

  it('denies nothing where the question names no one', () => {
    expect(checkNamedSubjects(DECISIONS, [], true).denied).to.equal(false);
  });
});
