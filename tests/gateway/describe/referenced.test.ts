import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { referencedFiles } from '../../../gateway/describe/referenced.js';

describe('files that a document refers to', () => {
  let around: string;
  let referenced: ReturnType<typeof referencedFiles>;

  before(() => {
    around = mkdtempSync(join(tmpdir(), 'tereze-referenced-'));
    const folder = join(around, 'documents');
    mkdirSync(join(folder, 'types'), { recursive: true });
    writeFileSync(join(around, 'secret'), 'secret');
    writeFileSync(join(folder, 'types', 'person.json'), '{}');
    symlinkSync(join(around, 'secret'), join(folder, 'link.json'));
    const file = { file: 'common.json', bytes: Buffer.from('imported') };
    referenced = referencedFiles({ folder, imports: [{ address: 'https://schemas.example/common.json', file }] });
  });
  after(() => rmSync(around, { recursive: true }));

  it('are those of --import, for the address that it names', () => {
    expect(String(referenced('https://schemas.example/common.json')?.bytes)).to.equal('imported');
    expect(referenced('https://schemas.example/other.json')).to.equal(undefined);
  });

  it('are those below the document’s own folder', () => {
    expect(String(referenced('types/person.json')?.bytes)).to.equal('{}');
  });

  for (const location of [
    '../secret',
    'types/../../secret',
    'link.json',
    '/etc/passwd',
    'file:///etc/passwd',
    '.',
    'none.json',
  ])
    it(`are not ${location}`, () => {
      expect(referenced(location)).to.equal(undefined);
    });
});
