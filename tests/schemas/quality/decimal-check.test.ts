import { expect } from 'chai';
import fc from 'fast-check';
import { compareDecimals, Numeral } from '../../../schemas/numeral.js';
import { brokenByDecimal, decimalText } from '../../../schemas/quality/decimal-check.js';

const NUMBER = { type: 'number' } as const;
const digits = (least: number, most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });
const decimal = fc
  .tuple(fc.constantFrom('', '-'), digits(1, 20), fc.option(digits(1, 8), { nil: undefined }))
  .map(([sign, whole, part]) => `${sign}${whole.replace(/^0+(?=\d)/, '')}${part === undefined ? '' : `.${part}`}`);

describe('the exact value of a number', () => {
  it('is judged alike as a text, a kept numeral and, where it is exact, a number', () => {
    fc.assert(
      fc.property(
        decimal,
        decimal,
        decimal,
        fc.constantFrom('number' as const, 'integer' as const),
        (value, minimum, maximum, type) => {
          const rules = { type, minimum, maximum, enum: [minimum, value, maximum] };
          const broken = brokenByDecimal(value, rules);
          expect(brokenByDecimal(new Numeral(value), rules)).to.deep.equal(broken);
          const number = new Numeral(value).exactNumber();
          if (number !== undefined && compareDecimals(String(number), value) === 0)
            expect(brokenByDecimal(number, rules)).to.deep.equal(broken);
          if (broken[0] !== 'type') {
            expect(broken.includes('minimum')).to.equal((compareDecimals(value, minimum) ?? 0) < 0);
            expect(broken.includes('maximum')).to.equal((compareDecimals(value, maximum) ?? 0) > 0);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  const maximum = '12345678901234567.89';
  const cases: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['at a bound that a double rounds', maximum, []],
    ['at the other bound', '-0.10', []],
    ['below it', '-0.11', ['minimum']],
    ['above it by a hundredth', new Numeral('12345678901234567.90'), ['maximum']],
    ['written with another zero', '12345678901234567.890', []],
    ['that is no decimal', '1e5', ['type']],
    ['with a space', ' 1', ['type']],
    ['that is empty', '', ['type']],
    ['that is no number', Number.NaN, ['type']],
    ['that is true', true, ['type']],
    ['that is an object', {}, ['type']],
  ];
  for (const [what, value, broken] of cases)
    it(`knows a value ${what}`, () => {
      expect(brokenByDecimal(value, { ...NUMBER, minimum: '-0.1', maximum })).to.deep.equal(broken);
    });

  it('compares valid values by value', () => {
    for (const value of ['19.1', '19.10', 19.1, new Numeral('19.10'), new Numeral('1.91e1')])
      expect(brokenByDecimal(value, { ...NUMBER, enum: ['1', '19.100'] })).to.deep.equal([]);
    expect(brokenByDecimal('19.11', { ...NUMBER, enum: ['1', '19.100'] })).to.deep.equal(['enum']);
    expect(brokenByDecimal('19.11', { ...NUMBER, enum: [] })).to.deep.equal(['enum']);
  });

  it('is whole however it is written', () => {
    for (const value of [3, '3', '3.0', new Numeral('3.0'), new Numeral('9007199254740993')])
      expect(brokenByDecimal(value, { type: 'integer' })).to.deep.equal([]);
    expect(brokenByDecimal('3.5', { type: 'integer' })).to.deep.equal(['type']);
  });

  it('has a text, and nothing else has one', () => {
    expect([19.5, '19.50', new Numeral('1e400')].map(decimalText)).to.deep.equal(['19.5', '19.50', '1e400']);
    for (const other of [Infinity, 'x', null, undefined, [], ['1']]) expect(decimalText(other)).to.equal(undefined);
  });
});
