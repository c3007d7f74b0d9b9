import { expect } from 'chai';
import { commandLine } from './command-line.js';

describe('tereze hold', () => {
  for (const [what, words, says] of [
    ['no reason', ['lift', 'some-id'], 'needs --reason'],
    ['a short reason', ['agree', 'some-id', '--reason', 'short'], '10 to 500'],
    ['a reason with a number of a person', ['agree', 'some-id', '--reason', 'about 880514391012'], '--reason must not'],
  ] as const)
    it(`is wrong use with ${what}, and nothing is opened`, async () => {
      const { code, error } = await commandLine(['hold', ...words]);
      expect(code).to.equal(2);
      expect(error).to.include(says);
      expect(error).to.not.include('880514391012');
    });
});
