import { expect } from 'chai';
import { createRsaSigner } from '../../../../adapters/soap/signing/rsa-signer.js';
import { rejection } from '../../../rejection.js';
import { CERTIFICATE } from './foreign.js';
import { envelopeOf, rsaPair } from './keys.js';

describe('the RSA signer', () => {
  const { privateKey } = rsaPair('gateway');
  const signer = createRsaSigner({ key: privateKey, clock: { now: () => new Date('2026-11-23T10:00:00Z') } });

  it('puts one Security header before the Body: Timestamp, and a signature over both', async () => {
    const message = await signer.sign(envelopeOf('x'));
    expect(message.match(/<ds:Reference URI="#(Body|Timestamp)">/g)).to.have.length(2);
    expect(message).to.match(
      /<soap:Header><wsse:Security [^>]*soap:mustUnderstand="1"><wsu:Timestamp wsu:Id="Timestamp"><wsu:Created>2026-11-23T10:00:00\.000Z<.*Expires>2026-11-23T10:05:00\.000Z</,
    );
    expect(message).to.match(/<soap:Body [^>]*wsu:Id="Body">/);
    expect(
      message
        .match(/Algorithm="[^"]*"/g)
        ?.filter((algorithm) => !/xml-exc-c14n#"|rsa-sha256"|xmlenc#sha256"/.test(algorithm)),
    ).to.deep.equal([]);
  });

  it('carries the certificate as a token, and refers to it, where there is one', async () => {
    const message = await createRsaSigner({
      key: privateKey,
      certificate: CERTIFICATE,
      clock: { now: () => new Date() },
    }).sign(envelopeOf('x'));
    const der = CERTIFICATE.replace(/-----.*-----|\n/g, '');
    expect(message)
      .to.match(/<wsse:BinarySecurityToken wsu:Id="Token" [^>]*>/)
      .and.include(`>${der}</wsse:BinarySecurityToken><wsu:Timestamp`);
    expect(message).to.include('<ds:KeyInfo><wsse:SecurityTokenReference').and.include('<wsse:Reference URI="#Token"');
  });

  it('signs envelopes of templates only', async () => {
    for (const text of [
      '',
      '<a/>',
      envelopeOf('x').replace('<soap:Body>', '<soap:Header/><soap:Body>'),
      ` ${envelopeOf('x')}`,
    ])
      expect(await rejection(signer.sign(text))).to.be.instanceOf(Error);
  });
});
