import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFileKeys, KeyFailure, rotateKeys } from '../../../../monitoring/audit/checkpoints/keys.js';
import { rejection } from '../../../rejection.js';

const pem = (): string => generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

const NOW = new Date('2026-11-30T10:00:00.000Z');

describe('key file', () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keys-'));
    file = join(folder, 'audit.pem');
  });
  after(() => rm(folder, { recursive: true }));

  const write = async (text: string, mode = 0o600): Promise<void> => {
    await rm(file, { force: true });
    await writeFile(file, text, { mode });
    await chmod(file, mode);
  };
  const failure = async (): Promise<KeyFailure> => {
    const error = await rejection(createFileKeys(file, () => NOW).signers('log.example.kz/tereze/0'));
    return error instanceof KeyFailure ? error : expect.fail(String(error));
  };

  it('gives a signer for each key, the first one first, under the name of the log', async () => {
    const [one, two] = [pem(), pem()];
    await write(`${one}${two}`);
    const keys = createFileKeys(file, () => NOW);
    const both = await keys.signers('log.example.kz/tereze/0');
    expect(both.map(({ name }) => name)).to.deep.equal(['log.example.kz/tereze/0', 'log.example.kz/tereze/0']);
    await write(two);
    const [only] = await keys.signers('log.example.kz/tereze/0');
    expect(only?.verifierKey).to.equal(both[1]?.verifierKey);
  });

  it('that is rotated signs with both keys for 24 hours, and verifies what the former one signed ever after', async () => {
    const log = 'log.example.kz/tereze/0';
    await write(pem());
    const [former] = await createFileKeys(file, () => NOW).verifierKeys(log);
    const { text, until } = await rotateKeys(file, NOW);
    expect(until.toISOString()).to.equal('2026-12-01T10:00:00.000Z');
    await write(text);
    const at = (time: string): ReturnType<typeof createFileKeys> => createFileKeys(file, () => new Date(time));
    const signing = async (time: string): Promise<readonly string[]> =>
      (await at(time).signers(log)).map(({ verifierKey }) => verifierKey);
    const [current = ''] = await signing('2026-11-30T10:00:00Z');
    expect(current).not.to.equal(former);
    expect(await signing('2026-12-01T09:59:59Z')).to.deep.equal([current, former]);
    expect(await signing('2026-12-01T10:00:00Z')).to.deep.equal([current]);
    expect(await at('2027-12-01T10:00:00Z').verifierKeys(log)).to.deep.equal([current, former]);
    const again = await rotateKeys(file, new Date('2026-12-02T10:00:00Z'));
    await write(again.text);
    expect(again.text.match(/PRIVATE KEY/g)).to.have.length(4);
    const [newest = ''] = await signing('2026-12-02T10:00:00Z');
    expect(await signing('2026-12-02T10:00:00Z')).to.deep.equal([newest, current]);
    expect(await at('2026-12-02T10:00:00Z').verifierKeys(log)).to.deep.equal([newest, current, former]);
  });

  it('with a time that is none is refused', async () => {
    await write(`Signs until: tomorrow\n${pem()}`);
    expect((await failure()).code).to.equal('KEY_MALFORMED');
  });

  for (const [what, line, problem] of [
    ['a mistyped end', 'Sings until: 2026-12-01T10:00:00Z', 'neither a PEM key'],
    ['an end without its colon', 'Signs until 2026-12-01T10:00:00Z', 'neither a PEM key'],
    ['an end in lower case', 'signs until: 2026-12-01T10:00:00Z', 'neither a PEM key'],
    ['an end with a space before it', ' Signs until: 2026-12-01T10:00:00Z', 'neither a PEM key'],
    ['a day', 'Signs until: 2026-12-01', 'neither a PEM key'],
    ['a time without its zone', 'Signs until: 2026-12-01T10:00:00', 'neither a PEM key'],
    ['a month that is none', 'Signs until: 2026-13-01T10:00:00Z', 'no such time'],
    ['an end apart from its key', 'Signs until: 2026-12-01T10:00:00Z\n', 'directly above its key'],
    ['two ends', 'Signs until: 2026-12-01T10:00:00Z\nSigns until: 2026-12-02T10:00:00Z', 'directly above its key'],
  ] as const)
    it(`with ${what} is refused by file and line`, async () => {
      await write(`# the current key\n${pem()}\n${line}\n${pem()}`);
      const { code, message } = await failure();
      expect(code).to.equal('KEY_MALFORMED');
      expect(message)
        .to.match(new RegExp(`${file}, line [67]: `))
        .and.include(problem);
    });

  it('with an end of a public key, which never signs, is refused', async () => {
    const spki = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString();
    await write(`${pem()}Signs until: 2026-12-01T10:00:00Z\n${spki}`);
    expect((await failure()).message).to.include('line 5: only a private key');
  });

  it('is read with the ends of lines of other systems, and with an end in another zone', async () => {
    await write(`${pem()}Signs until: 2026-12-01T10:00:00+05:00\n${pem()}`.replaceAll('\n', '\r\n'));
    const at = async (time: string): Promise<number> =>
      (await createFileKeys(file, () => new Date(time)).signers('log')).length;
    expect([await at('2026-12-01T04:59:59Z'), await at('2026-12-01T05:00:00Z')]).to.deep.equal([2, 1]);
  });

  for (const mode of [0o640, 0o604, 0o660, 0o644]) {
    it(`with mode ${mode.toString(8)} is refused, with what to do`, async () => {
      await write(pem(), mode);
      const { code, message } = await failure();
      expect(code).to.equal('KEY_EXPOSED');
      expect(message)
        .to.include(`mode 0${mode.toString(8)}`)
        .and.include(`chmod 600 ${file}`);
    });
  }

  it('that is not there or holds something else is refused, and nothing of it is quoted', async () => {
    await rm(file, { force: true });
    expect((await failure()).code).to.equal('KEY_UNREADABLE');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey;
    for (const text of [
      '',
      'secret words',
      pem().replace(/\n.{10}/, '\n'),
      rsa.export({ format: 'pem', type: 'pkcs8' }).toString(),
    ]) {
      await write(text);
      const { code, message } = await failure();
      expect(code).to.equal('KEY_MALFORMED');
      expect(message).not.to.include('secret');
    }
  });
});
