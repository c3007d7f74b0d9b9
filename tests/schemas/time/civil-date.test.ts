import { Temporal } from '@js-temporal/polyfill';
import { expect } from 'chai';
import { isCivilDate } from '../../../schemas/time/civil-date.js';

const byTemporal = (text: string): boolean => {
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
};

describe('a civil date', () => {
  it('is what Temporal takes, for every day of a month that there could be', () => {
    for (const year of ['0000', '0001', '1900', '1999', '2000', '2023', '2024', '2100', '9999'])
      for (let month = 0; month <= 13; month += 1)
        for (let day = 0; day <= 32; day += 1) {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          expect(isCivilDate(text), text).to.equal(byTemporal(text));
        }
  });

  it('has the form YYYY-MM-DD and no other', () => {
    for (const text of [
      '',
      '20240101',
      '2024-1-01',
      '2024-01-1',
      '-000001-01-01',
      '+002024-01-01',
      '2024-01-01Z',
      ' 2024-01-01',
      '2024-01-01\n',
      '2024-01-01T00:00:00Z',
    ])
      expect(isCivilDate(text), text).to.equal(false);
  });
});
