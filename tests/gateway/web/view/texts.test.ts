import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readTexts, TextsDiffer } from '../../../../gateway/web/view/texts.js';
import { webFolder } from '../../../../gateway/web/view/render.js';
import { LANGUAGES } from '../../../../schemas/language.js';
import { packageRoot } from '../../../../schemas/package-root.js';

const FOLDER = webFolder(packageRoot(), 'texts');

describe('the texts of the pages', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'texts-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const written = (texts: Readonly<Record<string, object>>): string => {
    for (const language of LANGUAGES) {
      mkdirSync(join(folder, language));
      writeFileSync(join(folder, language, 'x.json'), JSON.stringify(texts[language]));
    }
    return folder;
  };
  const SAME = { a: 'of {name}' };

  it('are the same in every language', () => {
    expect(Object.keys(readTexts(FOLDER))).to.deep.equal([...LANGUAGES]);
  });

  it('are all that templates name', () => {
    const { en } = readTexts(FOLDER);
    const folder = webFolder(packageRoot(), 'templates');
    const named = readdirSync(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/\bt\("([\w.-]+)"(?! ?\+)/g)].map(([, name]) => name!),
    );
    expect(named.length).to.be.above(50);
    const values = Object.fromEntries(
      ['zone', 'since', 'at', 'count', 'most', 'reason', 'agency', 'number', 'log', 'index', 'register'].map((name) => [
        name,
        1,
      ]),
    );
    for (const name of new Set(named)) expect(en(name, values), name).to.not.equal('');
  });

  it('have the plural form that a language needs', () => {
    const { kk, ru, en } = readTexts(FOLDER);
    expect([1, 2, 5, 21].map((count) => ru('results.new', { count }))).to.deep.equal([
      '1 новая запись.',
      '2 новые записи.',
      '5 новых записей.',
      '21 новая запись.',
    ]);
    expect([1, 2].map((count) => en('results.new', { count }))).to.deep.equal(['1 new entry.', '2 new entries.']);
    expect(kk('results.new', { count: 5 })).to.equal('5 жаңа жазба.');
  });

  for (const [what, texts, problem] of [
    ['a text that is missing', { kk: SAME, ru: {}, en: SAME }, 'ru: x.a is missing'],
    ['another parameter', { kk: { a: 'of {who}' }, ru: SAME, en: SAME }, 'ru: x.a has other parameters'],
    [
      'a plural form that is missing',
      { kk: { a: { one: 'x', other: 'x' } }, ru: { a: { one: 'x', other: 'x' } }, en: { a: { one: 'x', other: 'x' } } },
      'ru: x.a has no plural form "few"',
    ],
  ] as const)
    it(`refuse ${what}`, () => {
      expect(() => readTexts(written(texts))).to.throw(TextsDiffer, problem);
    });

  it('refuse a name that there is not, and a value that is missing', () => {
    const { en } = readTexts(written({ kk: SAME, ru: SAME, en: SAME }));
    expect(() => en('x.b')).to.throw(RangeError);
    expect(() => en('x.a')).to.throw(RangeError);
    expect(en('x.a', { name: '{name}' })).to.equal('of {name}');
  });
});
