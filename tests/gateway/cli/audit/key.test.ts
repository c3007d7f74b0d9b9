import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CommandFailure } from '../../../../gateway/cli/command-failure.js';
import { createProgram } from '../../../../gateway/cli/program.js';
import { createNoteSigner } from '../../../../monitoring/audit/tree/note.js';
import { LEAST_CONFIG } from '../../config/example.js';

describe('tereze audit key', () => {
  let folder: string;
  const [current, former] = [generateKeyPairSync('ed25519').privateKey, generateKeyPairSync('ed25519').privateKey];
  const pem = (key: typeof current): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-key-'));
    await writeFile(join(folder, 'secret'), 'x'.repeat(64), { mode: 0o600 });
    await writeFile(join(folder, 'audit.pem'), pem(current) + pem(former), { mode: 0o600 });
    await writeFile(join(folder, 'tereze.yaml'), LEAST_CONFIG.replace('tereze }', 'tereze, key_file: audit.pem }'));
    await writeFile(join(folder, 'unsigned.yaml'), LEAST_CONFIG);
  });
  after(() => rm(folder, { recursive: true }));

  async function run(log: string, ...more: string[]): Promise<string> {
    let printed = '';
    const terminal = {
      environment: {},
      print: (text: string) => void (printed += text),
      printAll: async () => undefined,
      warn: () => undefined,
      readInput: async () => '',
      readLine: async () => '',
      fail: () => undefined,
    };
    const words = ['audit', 'key', '--log', log, '--config', join(folder, 'tereze.yaml'), ...more];
    await createProgram(terminal).parseAsync(words, { from: 'user' });
    return printed;
  }
  const failure = async (log: string, ...more: string[]): Promise<CommandFailure> => {
    const error: unknown = await run(log, ...more).catch((caught: unknown) => caught);
    return error instanceof CommandFailure ? error : expect.fail(String(error));
  };

  it('prints the verifier key of each key, the current one first', async () => {
    const name = 'log.example.kz/tereze/3';
    const keys = [current, former].map((key) => createNoteSigner(name, key).verifierKey);
    expect(await run(name)).to.equal(`${keys.join('\n')}\n`);
    expect(await run('tereze/3')).to.equal(`${keys.join('\n')}\n`);
    expect(JSON.parse(await run(name, '--json'))).to.deep.equal({ log: name, keys });
  });

  it('says which logs there are where the one named is none', async () => {
    for (const log of ['another.example/tereze/0', 'log.example.kz/tereze', 'log.example.kz/tereze/x'])
      expect(await failure(log)).to.include({ kind: 'usage' });
  });

  it('says what is missing or wrong', async () => {
    expect((await failure('tereze/0', '--config', join(folder, 'unsigned.yaml'))).message).to.include('audit.key_file');
    await chmod(join(folder, 'audit.pem'), 0o644);
    expect((await failure('tereze/0')).message).to.include('chmod 600');
  });
});
