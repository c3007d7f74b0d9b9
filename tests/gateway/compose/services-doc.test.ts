import { expect } from 'chai';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servicesDocument } from '../../../gateway/compose/services-doc.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { loadDocuments } from '../../../schemas/operations/load-documents.js';

describe('docs/services.md', () => {
  const root = packageRoot();

  it('is what documents, rules and plans make of it', async () => {
    expect(readFileSync(join(root, 'docs', 'services.md'), 'utf8'), 'npm run generate').to.equal(
      await servicesDocument(root),
    );
  });

  it('has an example of every service', () => {
    for (const { name, example } of loadDocuments(join(root, 'schemas', 'operations')).all)
      expect(example, name).to.match(/^--as/);
  });

  it('is not made while the rules leave closed what a document needs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tereze-services-'));
    try {
      for (const part of ['schemas', 'policies']) cpSync(join(root, part), join(folder, part), { recursive: true });
      rmSync(join(folder, 'policies', 'rules', 'own-data-pension.cedar'));
      const error: unknown = await servicesDocument(folder).catch((thrown: unknown) => thrown);
      expect(String(error)).to.include('PensionCard needs what no rule opens');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
