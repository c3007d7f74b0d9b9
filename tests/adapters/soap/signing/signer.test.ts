import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { createSigner } from '../../../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../../../adapters/soap/signing/verifier.js';
import { rejection } from '../../../rejection.js';
import { CERTIFICATE } from './foreign.js';
import { envelopeOf, rsaPair } from './keys.js';

describe('the signer', () => {
  const { privateKey } = rsaPair('gateway');
  const at = { now: () => new Date('2026-11-23T10:00:00Z') };
  const signer = createSigner({ key: privateKey, clock: at });

  it('puts one Security header before the Body: Timestamp, and a signature over both', async () => {
    const message = await signer.sign(envelopeOf('x'));
    expect(message.match(/<ds:Reference URI="#(Body|Timestamp)">/g)).to.have.length(2);
    expect(message).to.match(
      /<soap:Header><wsse:Security [^>]*soap:mustUnderstand="1"><wsu:Timestamp [^>]*wsu:Id="Timestamp"><wsu:Created>2026-11-23T10:00:00\.000Z<.*Expires>2026-11-23T10:05:00\.000Z</,
    );
    expect(message).to.match(/<soap:Body [^>]*wsu:Id="Body">/);
    expect(
      message
        .match(/Algorithm="[^"]*"/g)
        ?.filter((algorithm) => !/xml-exc-c14n#"|rsa-sha256"|xmlenc#sha256"/.test(algorithm)),
    ).to.deep.equal([]);
  });

  it('carries the certificate as a token, and refers to it, where there is one', async () => {
    const message = await createSigner({
      key: privateKey,
      certificate: CERTIFICATE,
      clock: { now: () => new Date() },
    }).sign(envelopeOf('x'));
    const der = CERTIFICATE.replace(/-----.*-----|\n/g, '');
    expect(message)
      .to.match(/<wsse:BinarySecurityToken wsu:Id="Token" [^>]*>/)
      .and.include(`>${der}</wsse:BinarySecurityToken><wsu:Timestamp `);
    expect(message).to.include('<ds:KeyInfo><wsse:SecurityTokenReference').and.include('<wsse:Reference URI="#Token"');
  });

  it('leaves other headers and the text of the Body as they are, in SOAP 1.2 too', async () => {
    const verifier = createVerifier({ trust: rsaPair('gateway').publicKey, clock: at });
    const block = '<h:client xmlns:h="urn:h"/>';
    const text = envelopeOf('x').replace('<what>', '<what b="2" a=\'1\'><![CDATA[<]]>');
    for (const envelope of [
      text,
      text.replace('<soap:Body>', `<soap:Header>${block}</soap:Header><soap:Body>`),
      text.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
    ]) {
      const message = await signer.sign(envelope);
      expect(message).to.include('<what b="2" a=\'1\'><![CDATA[<]]>x</what>');
      expect(message.includes(`</wsse:Security>${block}</soap:Header>`)).to.equal(envelope.includes(block));
      expect(message.match(/<soap:Header>/g)).to.have.length(1);
      expect(message.includes('soap:mustUnderstand="true"')).to.equal(envelope.includes('2003/05'));
      expect((await verifier.verify(message)).xml).to.include('<what a="1" b="2">&lt;x</what>');
    }
  });

  it('sends no Timestamp where none is wanted', async () => {
    const message = await createSigner({ key: privateKey, timestamp: false, clock: at }).sign(envelopeOf('x'));
    expect(message).to.include('<ds:Reference URI="#Body">').and.not.include('Timestamp');
  });

  it('signs by a private key of the list only', () => {
    const [short, other] = [
      generateKeyPairSync('rsa', { modulusLength: 1024 }),
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
    ];
    for (const key of [rsaPair('gateway').publicKey, short.privateKey, other.privateKey])
      expect(() => createSigner({ key, clock: at })).to.throw('RSA of at least 2048 bits');
  });

  it('signs envelopes of templates only', async () => {
    for (const text of [
      '',
      '<a/>',
      envelopeOf('x').replace('<soap:Body>', '<soap:Header/><soap:Body>'),
      envelopeOf('x').replace('<soap:Body>', '<soap:Body Id="Body">'),
      envelopeOf('x').replaceAll('soap:', '').replace('xmlns:soap', 'xmlns'),
      envelopeOf('x').replace('</soap:Envelope>', '<soap:Body/></soap:Envelope>'),
    ])
      expect(await rejection(signer.sign(text))).to.be.instanceOf(Error);
  });
});
