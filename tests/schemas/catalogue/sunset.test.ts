import { expect } from 'chai';
import { sunsetOf } from '../../../schemas/catalogue/sunset.js';

describe('the sunset of a deprecated field', () => {
  it('is the date in its reason', () => {
    expect(sunsetOf('Use incomeClass. Sunset 2027-06-30.')).to.equal('2027-06-30');
    expect(sunsetOf('sunset: 2028-02-29')).to.equal('2028-02-29');
  });

  it('is none where there is none, and none that does not exist', () => {
    for (const reason of [
      undefined,
      '',
      'No longer supported',
      '2027-06-30',
      'Sunset 2027-6-30',
      'Sunset 2027-02-29',
      'Sunset 2027-13-01',
      'Sunset soon',
    ])
      expect(sunsetOf(reason), String(reason)).to.equal(undefined);
  });
});
