import { expect } from 'chai';
import { commandLine } from '../command-line.js';

const REASON = ['--reason', 'yearly archive of the log'];

describe('tereze audit archive', () => {
  for (const [what, words, says] of [
    ['no month', ['--out', 'x', ...REASON], '--month takes a month'],
    ['a month that is none', ['--month', '2021-13', '--out', 'x', ...REASON], '--month takes a month'],
    ['a day', ['--month', '2021-03-01', '--out', 'x', ...REASON], '--month takes a month'],
    ['no directory', ['--month', '2021-03', ...REASON], '--out names'],
    ['no reason', ['--month', '2021-03', '--out', 'x'], 'needs --reason'],
    ['a short reason', ['--month', '2021-03', '--out', 'x', '--reason', 'short'], '10 to 500'],
  ] as const)
    it(`is wrong use with ${what}, and nothing is opened`, async () => {
      const { code, error } = await commandLine(['audit', 'archive', ...words]);
      expect(code).to.equal(2);
      expect(error).to.include(says);
    });
});
