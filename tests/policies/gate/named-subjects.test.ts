import { expect } from 'chai';
import { deniedCategories } from '../../../policies/gate/category-decisions.js';
import { judgeRoots } from '../../../policies/gate/named-subjects.js';
import { DECISIONS } from './gate-fixture.js';

const onConsentOnly = DECISIONS.filter(({ category }) => category === 'vehicles');

describe('roots', () => {
  it('lets pass who could consent to everything, with a nexus or without', () => {
    expect(judgeRoots(onConsentOnly, [{ age: 'adult', nexus: [] }], true).denied).to.equal(false);
  });

  it('denies them to a caller who cannot use consents', () => {
    expect(judgeRoots(onConsentOnly, [{ age: 'adult', nexus: [] }], false).denied).to.equal(true);
  });

  it('denies who cannot consent, and names what stays closed', () => {
    const verdict = judgeRoots(onConsentOnly, [{ age: 'minor', nexus: ['list'] }], true);
    expect(verdict).to.deep.equal({
      denied: true,
      reasons: ['policy'],
      categories: [{ category: 'vehicles', access: 'disclose' }],
    });
  });

  it('tells a missing nexus from one that no rule accepts', () => {
    expect(
      judgeRoots(
        DECISIONS,
        [
          { age: 'adult', nexus: [] },
          { age: 'adult', nexus: ['self'] },
        ],
        true,
      ).reasons,
    ).to.deep.equal(['nexus', 'policy']);
  });

  it('leaves to the stage what is denied for everybody', () => {
    expect(judgeRoots(DECISIONS, [{ age: 'adult', nexus: ['list'] }], true).denied).to.equal(false);
    expect(deniedCategories(DECISIONS).map(({ category }) => category)).to.deep.equal(['documents']);
  });

  it('denies nothing where nobody is named', () => {
    expect(judgeRoots(DECISIONS, [], true).denied).to.equal(false);
  });
});
