import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { deriveKey, readIndexSecrets, readSecret } from '../../policies/secret.js';

describe('secret', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-secret-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const written = (text: string): string => {
    const file = join(folder, 'secret');
    writeFileSync(file, text);
    return file;
  };

  it('is read without the space around it', () => {
    expect(readSecret(written(` ${'s'.repeat(32)}\n`)).toString()).to.equal('s'.repeat(32));
  });

  it('is refused when it is short or missing, with the name of the file', () => {
    const short = written(`${'s'.repeat(31)}\n\n\n`);
    expect(() => readSecret(short)).to.throw(`${short} holds less than 32 bytes`);
    expect(() => readSecret(join(folder, 'nowhere'))).to.throw('nowhere');
  });

  it('makes index tokens, unless the configuration names other files', () => {
    const own = written('s'.repeat(32));
    const newer = join(folder, 'newer');
    writeFileSync(newer, 'n'.repeat(32));
    const read = (files?: readonly string[]): readonly string[] =>
      readIndexSecrets({ secret_file: own, ...(files === undefined ? {} : { index_secret_files: [...files] }) }).map(
        String,
      );
    expect(read()).to.deep.equal(['s'.repeat(32)]);
    expect(read([newer, own])).to.deep.equal(['n'.repeat(32), 's'.repeat(32)]);
    expect(() => read([newer, join(folder, 'nowhere')])).to.throw('nowhere');
  });

  it('gives each use a key of its own, the same every time', () => {
    const secret = Buffer.alloc(32, 1);
    expect(deriveKey(secret, 'a').equals(deriveKey(secret, 'a'))).to.equal(true);
    expect(deriveKey(secret, 'a').equals(deriveKey(secret, 'b'))).to.equal(false);
    expect(deriveKey(Buffer.alloc(32, 2), 'a').equals(deriveKey(secret, 'a'))).to.equal(false);
  });

  it('derives no key from a short secret', () => {
    expect(() => deriveKey(Buffer.alloc(31), 'a')).to.throw(RangeError);
  });
});
