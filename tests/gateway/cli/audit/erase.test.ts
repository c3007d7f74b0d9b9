import { expect } from 'chai';
import { commandLine } from '../command-line.js';

const REASON = ['--reason', 'the term of the purpose is over'];
const LAW = ['--law', 'Law on personal data, article 12'];

describe('tereze audit erase', () => {
  for (const [what, words, says] of [
    ['no law', [...REASON, '--purpose', 'p'], 'names its law'],
    ['a law without a text', ['--law', '  ', ...REASON, '--purpose', 'p'], 'names its law'],
    ['a law with a number of a person', ['--law', 'law 880514391012', ...REASON, '--purpose', 'p'], '--law must not'],
    ['no reason', [...LAW, '--purpose', 'p'], 'needs --reason'],
    ['a short reason', [...LAW, '--reason', 'short', '--purpose', 'p'], '10 to 500'],
    ['nothing to erase', [...LAW, ...REASON], 'name what is erased'],
    ['a purpose with a number of a person', [...LAW, ...REASON, '--purpose', '880514391012'], '--purpose must not'],
  ] as const)
    it(`is wrong use with ${what}, and nothing is opened`, async () => {
      const { code, error } = await commandLine(['audit', 'erase', ...words]);
      expect(code).to.equal(2);
      expect(error).to.include(says);
      expect(error).to.not.include('880514391012');
    });
});
