import { expect } from 'chai';
import { digitValue, withAsciiDigits } from '../../../schemas/caller-texts/digits.js';

/** Every character that Unicode calls a decimal digit, in order. */
const DECIMALS = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint)
  .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
  .map((codePoint) => String.fromCodePoint(codePoint))
  .filter((character) => /\p{Nd}/u.test(character));

describe('digits', () => {
  it('have the value that their place in a row of ten gives, in every script of Unicode', () => {
    expect(DECIMALS.length % 10).to.equal(0);
    expect(DECIMALS.length).to.be.at.least(650);
    expect(DECIMALS.map(digitValue)).to.deep.equal(DECIMALS.map((_, position) => position % 10));
  });

  for (const [text, ascii] of [
    ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
    ['०१२३४५६७८९', '0123456789'],
    ['０１２３', '0123'],
    ['①②③⓪', '1230'],
    ['❶❷➀➁➊➋⓿', '1212120'],
    ['⁰¹²³₄₅', '012345'],
    ['𝟘𝟙𝟚', '012'],
    ['8\u0308\u20e30', '80'],
    ['8\u200b\u00ad\u2060\ufeff0', '80'],
    ['8\ufe0f0', '80'],
    ['8\u202e0', '80'],
    ['8\n0', '8 0'],
    ['8\u00a00', '8 0'],
    ['Дело-١', 'Дело-1'],
  ] as const) {
    it(`are read in ${JSON.stringify(text)}`, () => {
      expect(withAsciiDigits(text)).to.equal(ascii);
    });
  }
});
