import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { packageRoot } from '../../gateway/state/package-root.js';

interface Words {
  readonly parseList: (text: string) => readonly string[];
  readonly findWords: (
    text: string,
    words: readonly string[],
    kept?: readonly string[],
  ) => readonly { line: number; word: string }[];
}

describe('the check of words', () => {
  let words: Words;

  before(async () => {
    words = (await import(pathToFileURL(join(packageRoot(), 'scripts/words.mjs')).href)) as Words;
  });

  const found = (text: string): readonly string[] =>
    words.findWords(text, ['yonder', 'in sooth']).map(({ line, word }) => `${line}: ${word}`);

  it('reads a word or a phrase a line, without comments', () => {
    expect(words.parseList('# all\nyonder # there\n\nin sooth\n')).to.deep.equal(['yonder', 'in sooth']);
  });

  const TEXTS: readonly (readonly [string, readonly string[]])[] = [
    ['see yonder', ['1: yonder']],
    ['first\nYonder it is', ['2: Yonder']],
    ['const YONDER = 1; const FAR_YONDER = 2;', ['1: YONDER', '1: YONDER']],
    ['aboutYonder(yonderOf)', ['1: Yonder', '1: yonder']],
    ['yonderly beyonder BEYONDER', []],
    ['true, in sooth', ['1: in sooth']],
    ['/**\n * True, in\n * sooth.\n */', ['2: in sooth']],
    ['in soothing words', []],
  ];
  for (const [text, expected] of TEXTS) {
    it(`finds ${expected.length} in ${JSON.stringify(text)}`, () => {
      expect(found(text)).to.deep.equal(expected);
    });
  }

  it('leaves out texts that stay', () => {
    const places = words.findWords("user = 'yonder';\nlook yonder", ['yonder'], ["'yonder'"]);
    expect(places).to.deep.equal([{ line: 2, word: 'yonder' }]);
  });
});
