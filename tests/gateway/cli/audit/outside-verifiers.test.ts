import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { verifyFromOutside } from '../../../../gateway/cli/audit/outside-verifiers.js';
import { writeTiles } from '../../../../monitoring/audit/export/write-tiles.js';
import { formatCheckpoint } from '../../../../monitoring/audit/tree/checkpoint.js';
import { createNoteSigner, signNote } from '../../../../monitoring/audit/tree/note.js';
import { openVerifiers } from '../../../docs/verify/outside-verifiers.js';
import { keyOf, ORIGIN } from '../../../monitoring/audit/checkpoints/sign-checkpoints.js';

describe('verifyFromOutside', function () {
  this.timeout(120_000);
  const directory = mkdtempSync(join(tmpdir(), 'archive-'));
  const signer = createNoteSigner(`${ORIGIN}/0`, keyOf(1));
  before(async function () {
    openVerifiers(this, directory);
    const write = async (path: string, bytes: Uint8Array): Promise<void> => {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), bytes);
    };
    const entries = Array.from({ length: 300 }, (_, at) => Buffer.from(`{"n":${at}}`));
    async function* pages(): AsyncGenerator<readonly Uint8Array[]> {
      yield entries;
    }
    const { size, root } = await writeTiles(pages(), write);
    await write('checkpoint', Buffer.from(signNote(formatCheckpoint({ origin: `${ORIGIN}/0`, size, root }), [signer])));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('accepts a directory that both verifiers accept', () => {
    expect(() => verifyFromOutside(directory, [signer.verifierKey])).not.to.throw();
  });

  it('refuses one with a changed entry, and with another key', () => {
    const other = createNoteSigner(`${ORIGIN}/0`, keyOf(2));
    expect(() => verifyFromOutside(directory, [other.verifierKey])).to.throw('does not accept');
    const file = join(directory, 'tile/entries/000');
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(5) ^ 1, 5);
    writeFileSync(file, bytes);
    expect(() => verifyFromOutside(directory, [signer.verifierKey])).to.throw('does not accept');
  });

  it('refuses every directory where a verifier cannot run', () => {
    const { PATH } = process.env;
    process.env['PATH'] = '/nowhere';
    try {
      expect(() => verifyFromOutside(directory, [signer.verifierKey])).to.throw('cannot run here');
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});
