import { expect } from 'chai';
import { ageGroup } from '../../../../policies/disclosure/derivations/age-group.js';

const on = (factDate: string, birthDate: unknown): unknown =>
  ageGroup({ birthDate }, { factDate, receiver: 'r', caseNumber: 'c' });

describe('ageGroup', () => {
  const borders: readonly [birthDate: string, group: string][] = [
    ['2026-03-02', 'CHILD'],
    ['2019-03-03', 'CHILD'],
    ['2019-03-02', 'SCHOOL_AGE'],
    ['2008-03-03', 'SCHOOL_AGE'],
    ['2008-03-02', 'ADULT'],
    ['1963-03-03', 'ADULT'],
    ['1963-03-02', 'PENSION_AGE'],
    ['1901-01-01', 'PENSION_AGE'],
  ];
  for (const [birthDate, group] of borders) {
    it(`of ${birthDate} is ${group} on 2026-03-02`, () => {
      expect(on('2026-03-02', birthDate)).to.equal(group);
    });
  }

  it('changes on 1 March for who was born on 29 February', () => {
    expect(on('2022-02-28', '2004-02-29')).to.equal('SCHOOL_AGE');
    expect(on('2022-03-01', '2004-02-29')).to.equal('ADULT');
  });

  it('is null without a date that exists, and before birth', () => {
    for (const birthDate of [undefined, null, '', '2004-02-30', '2026-03-03', 20040101]) {
      expect(on('2026-03-02', birthDate), String(birthDate)).to.equal(null);
    }
  });
});
