import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkAbsent, writeNewFile } from '../../../../gateway/cli/audit/new-file.js';
import { CommandFailure } from '../../../../gateway/cli/command-failure.js';
import { rejection } from '../../../rejection.js';

async function* texts(...all: readonly (string | Error)[]): AsyncGenerator<string> {
  for (const text of all) {
    if (text instanceof Error) throw text;
    yield text;
  }
}

describe('the file of an export', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-new-file-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const path = (): string => join(folder, 'out.jsonl');

  it('has all texts in order, and only the account that exports can read it', async () => {
    await writeNewFile(path(), texts('a\n', '', 'b\n'));
    expect(readFileSync(path(), 'utf8')).to.equal('a\nb\n');
    expect(statSync(path()).mode & 0o777).to.equal(0o600);
    expect(readdirSync(folder)).to.deep.equal(['out.jsonl']);
  });

  it('is not there, nor a part of it, when the export fails half way', async () => {
    expect(await rejection(writeNewFile(path(), texts('a\n', new Error('lost'))))).to.have.property('message', 'lost');
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('is not there before the last text', async () => {
    const seen: string[][] = [];
    async function* looking(): AsyncGenerator<string> {
      yield 'a\n';
      seen.push(readdirSync(folder).filter((name) => name === 'out.jsonl'));
      yield 'b\n';
    }
    await writeNewFile(path(), looking());
    expect(seen).to.deep.equal([[]]);
  });

  it('takes the place of nothing, also if it comes meanwhile', async () => {
    async function* racing(): AsyncGenerator<string> {
      yield 'a\n';
      writeFileSync(path(), 'of another');
    }
    expect(await rejection(writeNewFile(path(), racing()))).to.be.instanceOf(CommandFailure);
    expect(readFileSync(path(), 'utf8')).to.equal('of another');
    expect(readdirSync(folder)).to.deep.equal(['out.jsonl']);
    symlinkSync('nowhere', join(folder, 'link'));
    for (const name of ['out.jsonl', 'link'])
      expect(await rejection(checkAbsent(join(folder, name)))).to.include({ kind: 'usage' });
    await checkAbsent(join(folder, 'absent'));
  });

  it('that cannot be made is a failure with its path', async () => {
    const missing = join(folder, 'missing', 'out');
    const error = await rejection(writeNewFile(missing, texts('a')));
    expect(error).to.be.instanceOf(CommandFailure).with.property('message').that.includes(missing);
  });
});
