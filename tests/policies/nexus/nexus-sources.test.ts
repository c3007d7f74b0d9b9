import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readNexusSources } from '../../../policies/nexus/nexus-sources.js';

describe('nexus-sources', () => {
  let folder: string;
  const read = (file: string) =>
    readNexusSources({
      timeout_ms: 1,
      max_response_bytes: 1,
      sources: { housing: { url: 'http://127.0.0.1:1', token_file: join(folder, file) } },
    });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-nexus-'));
    writeFileSync(join(folder, 'token'), 'secret\n');
    writeFileSync(join(folder, 'empty'), '\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('reads each token from its file', () => {
    expect([...read('token')]).to.deep.equal([['housing', { url: 'http://127.0.0.1:1', token: 'secret' }]]);
  });

  it('refuses a file that is missing or empty', () => {
    expect(() => read('nowhere')).to.throw('ENOENT');
    expect(() => read('empty')).to.throw('housing');
  });
});
