import { expect } from 'chai';
import { preferredLanguage } from '../../../gateway/http/language.js';

describe('preferredLanguage', () => {
  for (const [header, language] of [
    [undefined, 'en'],
    ['', 'en'],
    ['kk', 'kk'],
    ['ru-RU', 'ru'],
    ['KK-Cyrl-KZ', 'kk'],
    ['de, ru;q=0.5, kk;q=0.8', 'kk'],
    ['ru;q=0, kk;q=0.1', 'kk'],
    ['de', 'en'],
    ['rum', 'en'],
    ['ru;q=2, kk;q=x', 'en'],
    ['*', 'en'],
    [`${'de,'.repeat(1_000)}ru`, 'en'],
  ] as const) {
    it(`reads ${JSON.stringify(header?.slice(0, 40))} as ${language}`, () => {
      expect(preferredLanguage(header)).to.equal(language);
    });
  }
});
