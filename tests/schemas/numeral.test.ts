import { expect } from 'chai';
import fc from 'fast-check';
import { compareDecimals, isWholeValue, Numeral } from '../../schemas/numeral.js';
import { numeral } from '../json-texts.js';

/** The value of a numeral as a fraction of whole numbers. */
function fractionOf(source: string): readonly [bigint, bigint] {
  const [mantissa = '', exponent = '0'] = source.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const power = Number(exponent) - fraction.length;
  const digits = BigInt(`${whole}${fraction}`);
  return power >= 0 ? [digits * 10n ** BigInt(power), 1n] : [digits, 10n ** BigInt(-power)];
}
function orderOf(one: string, other: string): number {
  const [[a, b], [c, d]] = [fractionOf(one), fractionOf(other)];
  const [left, right] = [a * d, c * b];
  return left < right ? -1 : Number(left > right);
}
/** The same value, written in another way. */
const respelt = (source: string): string => {
  const [mantissa = '', exponent = '0'] = source.toLowerCase().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}00e${exponent}`;
};

describe('compareDecimals', () => {
  it('compares exact values, like fractions of whole numbers do', () => {
    fc.assert(
      fc.property(numeral, numeral, (one, other) => {
        expect(Math.sign(compareDecimals(one, other) ?? Number.NaN) + 0).to.equal(orderOf(one, other));
      }),
      { numRuns: 500 },
    );
  });

  it('finds every spelling of a value equal', () => {
    fc.assert(
      fc.property(numeral, (source) => {
        expect(compareDecimals(source, respelt(source)) === 0).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it('tells apart what a double does not', () => {
    expect(compareDecimals('9007199254740993', '9007199254740992')).to.be.greaterThan(0);
    expect(compareDecimals('0.1', '0.1000000000000000055511151231257827')).to.be.lessThan(0);
    expect(compareDecimals('1e-400', '0')).to.be.greaterThan(0);
    expect(compareDecimals('-1e400', '-1e401')).to.be.greaterThan(0);
  });

  it('takes digits with zeros before them, and no other text', () => {
    expect(compareDecimals('007', '7')).to.equal(0);
    for (const other of ['', ' 1', '1 ', '+1', '.5', '5.', '1e', '0x1', 'NaN', 'Infinity', '1,5'])
      expect(compareDecimals(other, '1'), other).to.equal(undefined);
  });
});

describe('a numeral', () => {
  it('is whole by its value, and written as a whole number, which is not the same', () => {
    fc.assert(
      fc.property(numeral, (source) => {
        const [digits, divisor] = fractionOf(source);
        expect(isWholeValue(source)).to.equal(digits % divisor === 0n);
        expect(new Numeral(source).isWhole).to.equal(/^-?\d+$/.test(source));
      }),
      { numRuns: 500 },
    );
    expect(['3', '3.0', '1e2', '0.00'].map(isWholeValue)).to.deep.equal([true, true, true, true]);
    expect(['3.5', '1e-1', 'three'].map(isWholeValue)).to.deep.equal([false, false, false]);
  });

  it('is a number only if the number has its exact value', () => {
    fc.assert(
      fc.property(numeral, (source) => {
        const number = new Numeral(source).exactNumber();
        const nearest = Number(source);
        if (number === undefined)
          expect(Number.isFinite(nearest) && orderOf(String(nearest), source) === 0).to.equal(false);
        else expect(orderOf(String(number), source)).to.equal(0);
      }),
      { numRuns: 500 },
    );
  });

  it('is written to JSON as a text, with its own digits', () => {
    expect(JSON.stringify({ a: new Numeral('19.10') })).to.equal('{"a":"19.10"}');
    expect(String(new Numeral('1E+2'))).to.equal('1E+2');
  });
});
