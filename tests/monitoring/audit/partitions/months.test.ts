import { expect } from 'chai';
import { isMonth, monthAfter, monthOf, startOf } from '../../../../monitoring/audit/partitions/months.js';
import { hasMonth, monthsAhead } from '../../../../monitoring/audit/partitions/stored-partitions.js';

describe('months', () => {
  it('are counted over years, in UTC', () => {
    expect(monthOf(new Date('2026-12-31T23:59:59.999Z'))).to.equal('2026-12');
    expect(monthAfter('2026-12')).to.equal('2027-01');
    expect(monthAfter('2026-11', 24)).to.equal('2028-11');
    expect(monthAfter('2026-01', -1)).to.equal('2025-12');
    expect(startOf('2027-02')).to.equal('2027-02-01T00:00:00.000Z');
  });

  it('are nothing else than a year and a month', () => {
    for (const text of ['2026-1', '2026-13', '2026-00', '2026-11-01', '26-11', '2026-11 ', '', "2026-11'"])
      expect(isMonth(text), text).to.equal(false);
    expect(isMonth('2026-11')).to.equal(true);
    expect(() => monthAfter('2026-13')).to.throw(RangeError);
  });

  it('are in a partition as a whole, or not', () => {
    const before = { name: 'before', from: undefined, to: '2027-01-01T00:00:00.000Z' };
    const january = { name: '2027_01', from: '2027-01-01T00:00:00.000Z', to: '2027-02-01T00:00:00.000Z' };
    expect(['2020-01', '2026-12', '2027-01'].map((month) => hasMonth(before, month))).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(['2026-12', '2027-01', '2027-02'].map((month) => hasMonth(january, month))).to.deep.equal([
      false,
      true,
      false,
    ]);
    const now = new Date('2026-11-30T12:00:00Z');
    expect(monthsAhead([], now)).to.equal(0);
    expect(monthsAhead([before, january], now)).to.equal(3);
    expect(monthsAhead([january], now)).to.equal(0);
  });
});
