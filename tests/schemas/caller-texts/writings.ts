import fc from 'fast-check';
import { checkDigit } from '../../../schemas/identifiers/iin.js';

/** Zeros of decimal digits in scripts of the world, and of forms that NFKC folds. */
export const ZEROS = [
  0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xe50, 0xf20, 0x1040, 0x17e0, 0x1810, 0xa620, 0xff10, 0x104a0,
  0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1fbf0,
] as const;

/** What the rule reads past between two digits: nothing, separators, and characters that are not seen. */
export const GAPS = [
  '',
  '-',
  '_',
  '.',
  ' ',
  '\u00a0',
  '\u2011',
  '\u2013',
  '--',
  ' - ',
  '\u200b',
  '\u0301',
  '\u00ad',
  '\ufe0f',
] as const;

/** Numbers of people who do not exist (serials from 9000). */
export const iin = fc
  .record({
    year: fc.integer({ min: 0, max: 99 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
    century: fc.integer({ min: 3, max: 6 }),
    serial: fc.integer({ min: 9000, max: 9999 }),
  })
  .map(({ year, month, day, century, serial }) => {
    const eleven = `${two(year)}${two(month)}${two(day)}${century}${serial}`;
    return `${eleven}${checkDigit(eleven) ?? 'none'}`;
  })
  .filter((number) => number.length === 12);

/** Numbers of organisations that do not exist. */
export const bin = fc
  .record({
    year: fc.integer({ min: 0, max: 99 }),
    month: fc.integer({ min: 1, max: 12 }),
    rest: fc.integer({ min: 4_090_000, max: 4_099_999 }),
  })
  .map(({ year, month, rest }) => {
    const eleven = `${two(year)}${two(month)}${rest}`;
    return `${eleven}${checkDigit(eleven) ?? 'none'}`;
  })
  .filter((number) => number.length === 12);

/** Returns all ways to write these digits: each in some script, with gaps between them. */
export const writings = (digits: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...ZEROS), { minLength: digits.length, maxLength: digits.length }),
      fc.array(fc.constantFrom(...GAPS), { minLength: digits.length - 1, maxLength: digits.length - 1 }),
    )
    .map(([zeros, gaps]) =>
      [...digits]
        .map(
          (digit, position) => String.fromCodePoint((zeros[position] ?? 0x30) + Number(digit)) + (gaps[position] ?? ''),
        )
        .join(''),
    );

/** Text around a number that does not continue it. */
export const surrounding = fc.constantFrom('', 'HQ', 'дело', 'a', '/', '№', 'x:');

function two(number: number): string {
  return String(number).padStart(2, '0');
}
