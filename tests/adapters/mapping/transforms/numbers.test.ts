import { expect } from 'chai';
import fc from 'fast-check';
import {
  decimalReader,
  digitsReader,
  integerReader,
  readText,
} from '../../../../adapters/mapping/transforms/numbers.js';
import { VALUE_PRECISION, VALUE_TYPE, ValueFault } from '../../../../adapters/mapping/value-fault.js';
import { parseExactJson } from '../../../../schemas/json/exact-json.js';
import { compareDecimals } from '../../../../schemas/numeral.js';

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));
const whole = digits(1, 18).map((text) => text.replace(/^0+(?=\d)/, ''));
const sign = fc.constantFrom('', '-');
const fraction = fc.option(digits(1, 15), { nil: undefined });
/** Decimals as JSON and texts write them, without an exponent. */
const plain = fc.tuple(sign, whole, fraction).map(([s, w, f]) => `${s}${w}${f === undefined ? '' : `.${f}`}`);

/** A value as it comes out of JSON. */
const parsed = (json: string): unknown => parseExactJson(`[${json}]`) as [unknown];
const one = (json: string): unknown => (parsed(json) as [unknown])[0];

describe('the transform decimal', () => {
  const decimal = decimalReader('Decimal');

  it('keeps every digit of a number and of a text', () => {
    fc.assert(
      fc.property(plain, (text) => {
        expect(decimal(one(text))).to.equal(text);
        expect(decimal(text)).to.equal(text);
      }),
    );
  });

  it('writes an exponent out: the same value with the same digits', () => {
    fc.assert(
      fc.property(plain, fc.integer({ min: -12, max: 12 }), fc.constantFrom('e', 'E'), (text, exponent, e) => {
        const source = `${text}${e}${exponent}`;
        const made = decimal(one(source));
        if (made instanceof ValueFault) {
          expect(made).to.equal(VALUE_PRECISION);
          return;
        }
        expect(made).to.match(/^-?(0|[1-9]\d*)(\.\d+)?$/);
        expect(compareDecimals(String(made), source)).to.equal(0);
        const kept = text.replace(/[-.]/g, '').replace(/^0+/, '');
        expect(String(made).replace(/[-.]/g, '')).to.include(kept);
      }),
    );
  });

  for (const value of ['', ' 1', '1 ', '+1', '1,5', '.5', '5.', '1e2', '0x1', '01', 'NaN', '١', true, {}, [], [1]])
    it(`refuses ${JSON.stringify(value)}`, () => expect(decimal(value)).to.equal(VALUE_TYPE));

  it('refuses what is longer than the type, or was rounded before', () => {
    expect(decimal('1'.repeat(41))).to.equal(VALUE_PRECISION);
    expect(decimal(one('1e40'))).to.equal(VALUE_PRECISION);
    expect(decimal(12345678901234567)).to.equal(VALUE_PRECISION);
    expect(decimal(Number.NaN)).to.equal(VALUE_TYPE);
  });

  it('is a number for Float, if a number keeps it', () => {
    const float = decimalReader('Float');
    expect(float('0.1')).to.equal(0.1);
    expect(float(one('19.10'))).to.equal(19.1);
    expect(float('12345678901234567.89')).to.equal(VALUE_PRECISION);
  });
});

describe('the transform integer', () => {
  it('keeps every digit', () => {
    fc.assert(
      fc.property(sign, whole, (s, w) => {
        expect(integerReader('BigInt')(one(s + w))).to.equal(s + w);
        expect(integerReader('BigInt')(s + w)).to.equal(s + w);
      }),
    );
  });

  it('is a number for Int, if that keeps it', () => {
    const int = integerReader('Int');
    fc.assert(
      fc.property(fc.integer(), (number) => {
        expect(int(String(number))).to.equal(number);
      }),
    );
    expect(int(2 ** 31)).to.equal(VALUE_PRECISION);
    expect(int('-2147483649')).to.equal(VALUE_PRECISION);
    expect(Object.is(int(one('-0')), 0)).to.equal(true);
  });

  for (const value of ['', '1.0', '1e2', ' 1', '+1', '007', '0x1', true, [1], {}, 1.5])
    it(`refuses ${JSON.stringify(value)}`, () => expect(integerReader('BigInt')(value)).to.equal(VALUE_TYPE));
  for (const json of ['3.0', '1e2', '1E+0'])
    it(`refuses the number ${json}`, () => expect(integerReader('Int')(one(json))).to.equal(VALUE_TYPE));
});

describe('the transform digits', () => {
  const twelve = digitsReader(12);
  it('puts zeros before a number, and leaves a text of that length', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_999_999_999 }), (number) => {
        const padded = String(number).padStart(12, '0');
        expect(twelve(number)).to.equal(padded);
        expect(twelve(padded)).to.equal(padded);
      }),
    );
  });
  for (const value of ['10203590013', '0102035900131', '01020359001a', '', -1, 1.5, 1e13, true, ['010203590013']])
    it(`refuses ${JSON.stringify(value)}`, () => expect(twelve(value)).to.equal(VALUE_TYPE));
});

describe('the transform text', () => {
  it('gives the digits of a number as they were sent', () => {
    for (const source of ['7', '19.10', '1e2', '-0', '12345678901234567890'])
      expect(readText(one(source)), source).to.equal(source);
    expect(readText('7')).to.equal('7');
  });
  for (const value of [true, {}, []])
    it(`refuses ${JSON.stringify(value)}`, () => expect(readText(value)).to.equal(VALUE_TYPE));
});
