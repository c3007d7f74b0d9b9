import { expect } from 'chai';
import fc from 'fast-check';
import { textFault } from '../../../schemas/caller-texts/text-fault.js';
import { iin, writings } from './writings.js';

const PERSON = '900101390012';

describe('a text of a caller', () => {
  it('never reaches the log with the number of a person in it, however the number is written', () => {
    const written = iin.chain((number) => fc.tuple(fc.constant(number), writings(number)));
    fc.assert(
      fc.property(written, fc.boolean(), ([number, text], isNamed) => {
        expect(textFault(text, isNamed ? [number] : [])).to.not.equal(undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  for (const [what, text, fault] of [
    ['letters of Kazakh', 'Өтініш-2026/17', undefined],
    ['Arabic letters and digits', 'قضية ١٧', undefined],
    ['two words', 'corrected after review', undefined],
    ['a line break', 'HQ\n1', 'form'],
    ['a zero byte', 'HQ\u00001', 'form'],
    ['a line separator', 'HQ\u20281', 'form'],
    ['a bidirectional override', 'HQ\u202e1', 'form'],
    ['a bidirectional isolate', 'HQ\u20661', 'form'],
    ['a left-to-right mark', 'HQ\u200e1', 'form'],
    ['a zero-width space', 'HQ\u200b1', 'form'],
    ['a variation selector', 'HQ\ufe0f1', 'form'],
    ['a Hangul filler', 'HQ\u31641', 'form'],
    ['half of a surrogate pair', 'HQ\ud800', 'form'],
    ['a private character', 'HQ\ue000', 'form'],
    ['full-width letters', 'ＨＱ-1', 'form'],
    ['a ligature', 'ﬁle', 'form'],
    ['a letter in two parts', '\u0438\u0306', 'form'],
    ['an unnamed person', PERSON, 'identity_number'],
    ['an organisation', '900140000000', 'identity_number'],
  ] as const) {
    it(`${fault === undefined ? 'may hold' : `may not hold (${fault})`} ${what}`, () => {
      expect(textFault(text)).to.equal(fault);
    });
  }

  it('may not hold the number of a named person among more digits', () => {
    expect(textFault(`7${PERSON}`)).to.equal(undefined);
    expect(textFault(`7${PERSON}`, [PERSON])).to.equal('person');
  });
});
