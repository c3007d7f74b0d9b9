import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { openSigning, signingSettings } from '../../../../adapters/soap/signing/open-signing.js';
import type { Freshness, Signer, Verifier } from '../../../../adapters/soap/signing/port.js';
import { createSigner } from '../../../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../../../adapters/soap/signing/verifier.js';
import { rejection } from '../../../rejection.js';
import { CA, NEIGHBOUR, REGISTER } from './certificates.js';
import { envelopeOf } from './keys.js';

const SETTINGS = z.strictObject(signingSettings);
const at = (minutes: number) => ({ now: () => new Date(Date.parse('2027-01-01T00:00:00Z') + minutes * 60_000) });

describe('signing by settings', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'signing-'));
    for (const [name, text] of Object.entries({
      'own.pem': REGISTER.key,
      'own-certificate.pem': REGISTER.certificate,
      'register.pem': NEIGHBOUR.certificate,
      'ca.pem': CA.certificate + CA.certificate,
      secret: 'the-key',
    }))
      writeFileSync(join(folder, name), text);
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string): string => join(folder, name);
  const open = (
    settings: object,
    freshness: Freshness = 'timestamp',
    minutes = 0,
  ): { signer: Signer; verifier: Verifier } =>
    openSigning(SETTINGS.parse({ key_file: file('own.pem'), ...settings }), { freshness, clock: at(minutes) });
  const answer = (): Promise<string> =>
    createSigner({
      key: createPrivateKey(NEIGHBOUR.key),
      certificate: NEIGHBOUR.certificate,
      clock: at(0),
    }).sign(envelopeOf('right'));

  it('takes the key of the register from a file, or its certificate by an issuer and a subject', async () => {
    for (const trust of [
      { register_key_file: file('register.pem') },
      { register_ca_file: file('ca.pem'), register_subject: { serialNumber: 'BIN990140000999' } },
    ])
      expect((await open(trust).verifier.verify(await answer())).xml).to.include('right');
    const other = { register_ca_file: file('ca.pem'), register_subject: { serialNumber: 'BIN990140000121' } };
    expect(await rejection(open(other).verifier.verify(await answer()))).to.have.property(
      'reason',
      'certificate_untrusted',
    );
  });

  it('knows one of the two ways only', () => {
    const key = { register_key_file: file('register.pem') };
    const ca = { register_ca_file: file('ca.pem') };
    const subject = { register_subject: { CN: 'x' } };
    for (const settings of [{}, ca, subject, { ...key, ...ca, ...subject }, { ...key, ...subject }])
      expect(() => open(settings)).to.throw('register_key_file, or register_ca_file with register_subject');
  });

  it('takes the age, the freshness, and whether a Timestamp is sent', async () => {
    const key = { register_key_file: file('register.pem') };
    expect(await rejection(open(key, 'timestamp', 6).verifier.verify(await answer()))).to.have.property(
      'reason',
      'timestamp_stale',
    );
    await open(key, 'response_date', 6).verifier.verify(await answer());
    await open({ ...key, max_age_s: 3_600 }, 'timestamp', 5).verifier.verify(await answer());
    const own = createVerifier({ trust: createPublicKey(REGISTER.certificate), clock: at(0) });
    await own.verify(await open(key).signer.sign(envelopeOf('x')));
    const without = await open({ ...key, send_timestamp: false }).signer.sign(envelopeOf('x'));
    expect(await rejection(own.verify(without))).to.have.property('reason', 'timestamp_missing');
  });

  it('names the file that cannot be used, and nothing of it', () => {
    const key = { register_key_file: file('register.pem') };
    for (const settings of [
      { ...key, key_file: file('secret') },
      { ...key, key_file: file('own-certificate.pem') },
      { ...key, certificate_file: file('register.pem') },
      { ...key, certificate_file: file('secret') },
      { register_key_file: file('secret') },
      { register_ca_file: file('register.pem'), register_subject: { CN: 'x' } },
      { register_ca_file: file('secret'), register_subject: { CN: 'x' } },
    ])
      expect(() => open(settings), JSON.stringify(settings))
        .to.throw(/\.pem (holds no|must hold)|secret (holds no|must hold)/)
        .with.property('message')
        .that.does.not.include('the-key');
  });
});
