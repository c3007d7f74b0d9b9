import { expect } from 'chai';
import fc from 'fast-check';
import {
  holdsIdentityNumber,
  holdsNumberOf,
  identityNumbersIn,
} from '../../../schemas/caller-texts/identity-numbers.js';
import { isBin } from '../../../schemas/identifiers/bin.js';
import { isIin } from '../../../schemas/identifiers/iin.js';
import { bin, iin, surrounding, writings } from './writings.js';

const PERSON = '900101390012';

describe('identity numbers in a text', () => {
  it('are found in every script of digits, with separators and unseen characters between', () => {
    const written = fc.oneof(iin, bin).chain((number) => fc.tuple(fc.constant(number), writings(number)));
    fc.assert(
      fc.property(written, surrounding, surrounding, ([number, text], before, after) => {
        expect(identityNumbersIn(`${before}${text}${after}`)).to.include(number);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are no other digits', () => {
    const digits = fc.stringMatching(/^[0-9]{1,30}$/).filter((text) => !(isIin(text) || isBin(text)));
    fc.assert(
      fc.property(digits, (text) => {
        expect(holdsIdentityNumber(text)).to.equal(false);
      }),
      { numRuns: 2_000 },
    );
  });

  for (const [text, holds] of [
    [PERSON, true],
    [`HQ-2026-${PERSON}`, true],
    [`HQ-2026-900101-390012`, true],
    ['9-0-0-1-0-1-3-9-0-0-1-2', true],
    ['9_0_0_1 0 1.3.9.0-0-1-2', true],
    ['⑨⓪⓪①⓪①③⑨⓪⓪①②', true],
    ['⑴', false],
    ['⑼⓪⓪①⓪①③⑨⓪⓪①⑵', true],
    [`1${PERSON}`, false],
    [`${PERSON}1`, false],
    [`HQ-2026${PERSON}`, false],
    ['HQ-2026-000101', false],
    ['900101390013', false],
    ['900101/390012', false],
    ['900101a390012', false],
    ['', false],
  ] as const) {
    it(`${holds ? 'are' : 'are not'} in ${JSON.stringify(text)}`, () => {
      expect(holdsIdentityNumber(text)).to.equal(holds);
    });
  }
});

describe('the number of a person that a request names', () => {
  it('is found in every script of digits, with anything between and around them', () => {
    const person = iin.chain((number) => fc.tuple(fc.constant(number), writings(number)));
    const more = fc.stringMatching(/^[0-9A-Za-z./:-]{0,6}$/);
    fc.assert(
      fc.property(person, more, more, ([number, text], before, after) => {
        expect(holdsNumberOf(`${before}${text}${after}`, [PERSON, number])).to.equal(true);
      }),
      { numRuns: 2_000 },
    );
  });

  for (const [text, holds] of [
    [`1${PERSON}1`, true],
    ['9O0lO1З90О1 2', true],
    ['9OOIOIЗ9OOI3', false],
    ['9OO1O139OOl2', true],
    ['9ОО1О1З9ОО12', true],
    ['9/0/0/1:0:1x390012', true],
    ['900101390013', false],
    ['', false],
  ] as const) {
    it(`${holds ? 'is' : 'is not'} in ${JSON.stringify(text)}`, () => {
      expect(holdsNumberOf(text, [PERSON])).to.equal(holds);
    });
  }

  it('is not found where no one is named, or by an identifier of a few digits', () => {
    expect(holdsNumberOf(PERSON, [])).to.equal(false);
    expect(holdsNumberOf(PERSON, ['900101'])).to.equal(false);
  });
});
