import { expect } from 'chai';
import fc from 'fast-check';
import { replaceRounded } from '../../../schemas/json/rounded-numerals.js';

const ROUNDED = [
  '9007199254740993',
  '-9007199254740993',
  '12345678901234567.89',
  '0.12345678901234567890',
  '1e-400',
  '1e400',
  '9.007199254740993e15',
  '0.1000000000000000055511151231257827',
];
const EXACT = [
  ...['9007199254740991', '9007199254740992', '1000000000000000000000', '-0', '0.1', '19.10', '3.0', '1e3', '1E+2'],
  ...['123456789012345.0', '5e-324', '1.7976931348623157e308'],
];

describe('rounded numerals', () => {
  for (const numeral of ROUNDED)
    it(`are found: ${numeral}`, () => {
      expect(replaceRounded(`{"a":[${numeral},1]}`, 'null')).to.equal('{"a":[null,1]}');
      expect(replaceRounded(numeral, 'null')).to.equal('null');
    });
  for (const numeral of EXACT)
    it(`are not what JSON.parse keeps: ${numeral}`, () => {
      expect(replaceRounded(`{"a":[${numeral},1]}`, 'null')).to.equal(`{"a":[${numeral},1]}`);
    });

  it('are never in texts and names', () => {
    const text = JSON.stringify({ '9007199254740993': '1e400', 'a"1e400': ['\\"9007199254740993', '\\'], b: '' });
    expect(replaceRounded(text, 'null')).to.equal(text);
    expect(replaceRounded(`[${text},9007199254740993]`, 'null')).to.equal(`[${text},null]`);
  });

  it('are never what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(replaceRounded(JSON.stringify(value), 'null')).to.equal(JSON.stringify(value));
      }),
      { numRuns: 300 },
    );
  });
});
