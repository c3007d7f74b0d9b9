import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPublicKey } from '../../../../monitoring/recipients.js';
import { commandLine } from '../command-line.js';

describe('tereze identity key new', () => {
  const folder = mkdtempSync(join(tmpdir(), 'identity-key-'));
  after(() => rmSync(folder, { recursive: true }));
  const make = (file: string, name = 'dpo-2026', ...more: string[]) =>
    commandLine(['identity', 'key', 'new', '--name', name, '--out', join(folder, file), ...more]);

  it('keeps the private key for its owner only, and prints the public one', async () => {
    const { code, out } = await make('one.jwks');
    expect(code).to.equal(0);
    const file = join(folder, 'one.jwks');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: [{ x: string; d: string; kid: string }] };
    expect(isPublicKey(keys[0].x)).to.equal(true);
    expect(keys[0].kid).to.equal('dpo-2026');
    expect(out).to.include(`- { name: dpo-2026, key: ${keys[0].x} }`).and.not.to.include(keys[0].d);
  });

  it('prints the recipient as JSON', async () => {
    const { out } = await make('json.jwks', 'dpo-2026', '--json');
    const recipient = JSON.parse(out) as { name: string; key: string };
    expect(Object.keys(recipient)).to.deep.equal(['name', 'key']);
    expect(isPublicKey(recipient.key)).to.equal(true);
  });

  it('never writes over a file', async () => {
    writeFileSync(join(folder, 'there.jwks'), 'a key');
    const { code, error } = await make('there.jwks');
    expect(code).to.equal(1);
    expect(error).to.include('is there already');
    expect(readFileSync(join(folder, 'there.jwks'), 'utf8')).to.equal('a key');
  });

  it('says what is wrong', async () => {
    expect(await make('none/one.jwks')).to.deep.include({ code: 1 });
    for (const name of ['', 'DPO', '-dpo', 'a b', 'x'.repeat(64)])
      expect(await make('wrong.jwks', name), name).to.deep.include({ code: 2 });
  });
});
