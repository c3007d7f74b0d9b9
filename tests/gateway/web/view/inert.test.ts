import { expect } from 'chai';
import { inert } from '../../../../gateway/web/view/inert.js';

describe('inert', () => {
  for (const [what, text, shown] of [
    ['letters of every script and punctuation', 'Әлия Ұ. «x» – 12', 'Әлия Ұ. «x» – 12'],
    ['an override of the direction', 'a\u202eb', 'a[U+202E]b'],
    ['isolates', '\u2066x\u2069', '[U+2066]x[U+2069]'],
    ['controls, line feeds included', 'a\u0000\n\u009b', 'a[U+0000][U+000A][U+009B]'],
    ['what has no width', 'a\u200b\ufeffb\u00ad', 'a[U+200B][U+FEFF]b[U+00AD]'],
    ['tags beyond the first plane', '\u{e0041}', '[U+E0041]'],
    ['half a pair', '\ud800', '[U+D800]'],
    ['line separators', 'a\u2028b', 'a[U+2028]b'],
  ] as const)
    it(`shows ${what}`, () => {
      expect(inert({ list: [{ text }], number: 1, none: null })).to.deep.equal({
        list: [{ text: shown }],
        number: 1,
        none: null,
      });
    });
});
