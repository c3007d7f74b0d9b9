import { expect } from 'chai';
import { birthYear } from '../../../../policies/disclosure/derivations/birth-year.js';

const context = { factDate: '2026-03-02', receiver: 'r', caseNumber: 'c' };

describe('birthYear', () => {
  it('is the year of the birth date', () => {
    expect(birthYear({ birthDate: '1980-01-01' }, context)).to.equal(1980);
    expect(birthYear({ birthDate: '2004-02-29' }, context)).to.equal(2004);
  });

  it('is null without a date that exists', () => {
    for (const birthDate of [undefined, null, '', '1980', '1980-02-30', '01.01.1980', 1980, '1980-01-01T00:00:00Z']) {
      expect(birthYear({ birthDate }, context), String(birthDate)).to.equal(null);
    }
    expect(birthYear({}, context)).to.equal(null);
  });
});
