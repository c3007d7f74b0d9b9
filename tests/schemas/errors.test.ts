import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../gateway/state/package-root.js';
import { errorsDocument } from '../../schemas/errors-doc.js';
import { ERROR_CATALOGUE, type CatalogueEntry, type ErrorCode } from '../../schemas/errors.js';
import { Refusal } from '../../schemas/refusal.js';

const entries = Object.entries(ERROR_CATALOGUE) as [ErrorCode, CatalogueEntry][];
const documented = readFileSync(join(packageRoot(), 'docs', 'errors.md'), 'utf8');

describe('error catalogue', () => {
  it('and docs/errors.md say the same', async () => {
    expect(await readFile(join(packageRoot(), 'docs', 'errors.md'), 'utf8')).to.equal(errorsDocument());
  });

  it('has every code in the document, and the document has no other', () => {
    const headings = [...documented.matchAll(/^## (.+)$/gm)].map(([, code]) => code);
    expect(headings).to.deep.equal(entries.map(([code]) => code));
  });

  it('is pointed to by the link that errors carry', () => {
    const anchors = new Set([...documented.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading?.toLowerCase()));
    for (const [code] of entries) expect(anchors.has(code.toLowerCase()), code).to.equal(true);
  });

  for (const [code, { status, actor, retryable, text }] of entries) {
    it(`${code}: a status, and a sentence in each language`, () => {
      expect(code).to.match(/^[A-Z][A-Z_]+$/);
      expect(status).to.be.within(400, 504);
      for (const language of ['kk', 'ru', 'en'] as const) expect(text[language], language).to.match(/\S.*\.$/);
      expect(text.ru, 'Russian').to.match(/[а-яё]/i);
      expect(text.kk, 'Kazakh').to.match(/[а-яёәіңғүұқөһ]/i);
      expect(text.kk).not.to.equal(text.ru);
      if (actor === 'caller' && status < 500 && ![408, 429, 499].includes(status))
        expect(retryable, 'a caller’s fault does not mend itself').to.equal(false);
    });
  }

  it('gives refusals their public text and nothing else', () => {
    const refusal = new Refusal('POLICY_DENIED', { reasons: ['x'], cause: new Error('secret') });
    expect(refusal.message).to.equal(ERROR_CATALOGUE.POLICY_DENIED.text.en);
    expect({ status: refusal.status, actor: refusal.actor }).to.deep.equal({ status: 403, actor: 'caller' });
  });
});
