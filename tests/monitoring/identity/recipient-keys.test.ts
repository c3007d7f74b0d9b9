import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { KeyFailure } from '../../../monitoring/audit/checkpoints/keys.js';
import { readRecipientKeys } from '../../../monitoring/identity/recipient-keys.js';
import { rejection } from '../../rejection.js';
import { makeRecipient } from './recipient.js';

describe('the key file of a recipient', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recipient-keys-'));
  after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: unknown): string => {
    const file = join(folder, name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
    return file;
  };
  const failureOf = async (file: string): Promise<KeyFailure> => {
    const error = await rejection(readRecipientKeys(file));
    return error instanceof KeyFailure ? error : expect.fail(String(error));
  };

  it('holds one or more keys', async () => {
    const [one, two] = await Promise.all([makeRecipient('one'), makeRecipient('two')]);
    const keys = await readRecipientKeys(write('two', { keys: [one.jwk, { ...two.jwk, kid: 'two' }] }));
    expect(keys.map(({ id }) => id)).to.deep.equal([one.privateKey.id, two.privateKey.id]);
  });

  it('is refused when others may read it', async () => {
    const file = write('open', { keys: [(await makeRecipient('one')).jwk] });
    for (const mode of [0o640, 0o604, 0o660, 0o601]) {
      chmodSync(file, mode);
      const { code, message } = await failureOf(file);
      expect({ code, says: message.includes('chmod 600') }).to.deep.equal({ code: 'KEY_EXPOSED', says: true });
    }
  });

  it('is refused when it is missing, or holds anything else, and nothing of it is said', async () => {
    expect(await failureOf(join(folder, 'none'))).to.include({ code: 'KEY_UNREADABLE' });
    const { jwk } = await makeRecipient('one');
    const other = await makeRecipient('other');
    for (const content of [
      '',
      'SECRET',
      '[]',
      { keys: [] },
      { keys: [{ ...jwk, d: undefined }] },
      { keys: [{ ...jwk, crv: 'Ed25519' }] },
      { keys: [{ ...jwk, d: 'SECRET' }] },
      { keys: [{ ...jwk, x: other.key }] },
      { keys: [jwk, { kty: 'oct', k: 'SECRET' }] },
      'x'.repeat(70_000),
    ]) {
      const { code, message } = await failureOf(write('wrong', content));
      expect(code, JSON.stringify(content).slice(0, 80)).to.equal('KEY_MALFORMED');
      expect(message).not.to.include('SECRET').and.not.to.include(jwk.d);
      expect(message).to.include('identity key new');
    }
  });
});
