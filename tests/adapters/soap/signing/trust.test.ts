import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { createSigner } from '../../../../adapters/soap/signing/signer.js';
import { issuedCertificate, type CertificateTrust } from '../../../../adapters/soap/signing/trust.js';
import { createVerifier } from '../../../../adapters/soap/signing/verifier.js';
import { rejection } from '../../../rejection.js';
import { CA, FORGED, IMPOSTOR, NEIGHBOUR, REGISTER, TWICE } from './certificates.js';
import { envelopeOf } from './keys.js';

const SUBJECT = { serialNumber: 'BIN990140000121' };
const ISSUERS = [new X509Certificate(CA.certificate)];
const at = (time: string) => ({ now: () => new Date(time) });
const NOW = '2027-01-01T00:00:00Z';

function signedBy({ key, certificate }: typeof CA, carries = true, time = NOW): Promise<string> {
  return createSigner({
    key: createPrivateKey(key),
    ...(carries ? { certificate } : {}),
    clock: at(time),
  }).sign(envelopeOf('right'));
}

function verify(message: string, trust: Partial<CertificateTrust> = {}, time = NOW): Promise<{ xml: string }> {
  return createVerifier({
    trust: issuedCertificate({ issuers: ISSUERS, subject: SUBJECT, ...trust }),
    clock: at(time),
  }).verify(message);
}

describe('trust in the certificate of a message', () => {
  const refused = async (
    message: Promise<string>,
    trust: Partial<CertificateTrust> = {},
    time = NOW,
  ): Promise<void> => {
    expect(await rejection(verify(await message, trust, time))).to.have.property('reason', 'certificate_untrusted');
  };

  it('holds for the register, by an issuer of the list', async () => {
    const message = await signedBy(REGISTER);
    const both = [new X509Certificate(IMPOSTOR.certificate), ...ISSUERS];
    for (const trust of [{}, { issuers: both }, { subject: { O: 'Population register', CN: 'population' } }])
      expect((await verify(message, trust)).xml).to.include('<what>right</what>');
  });

  it('holds for a certificate in KeyInfo itself', async () => {
    const message = await signedBy(REGISTER);
    const [, token] = /<wsse:BinarySecurityToken [^>]*>([^<]*)</.exec(message) ?? [];
    const told = `<ds:X509Data><ds:X509Certificate>\n${token}\n</ds:X509Certificate></ds:X509Data>`;
    const inKeyInfo = message
      .replace(/<wsse:BinarySecurityToken .*<\/wsse:BinarySecurityToken>/, '')
      .replace(/<wsse:SecurityTokenReference.*<\/wsse:SecurityTokenReference>/, told);
    expect(inKeyInfo).to.include('<ds:KeyInfo><ds:X509Data>');
    expect((await verify(inKeyInfo)).xml).to.include('<what>right</what>');
    const twice = inKeyInfo.replace(told, told + told);
    await refused(Promise.resolve(twice));
  });

  it('does not hold for another one of the same issuer, or a name that is there twice', async () => {
    await refused(signedBy(NEIGHBOUR));
    await refused(signedBy(REGISTER), { subject: { ...SUBJECT, CN: 'other' } });
    await refused(signedBy(TWICE), { subject: { CN: 'population' } });
    await refused(signedBy(REGISTER), { subject: { constructor: 'population' } });
  });

  it('does not hold for an issuer that only has the name, or a certificate that is an issuer of its own', async () => {
    await refused(signedBy(FORGED));
    await refused(signedBy(CA), {
      subject: { CN: 'Test Issuer' },
      issuers: [new X509Certificate(IMPOSTOR.certificate)],
    });
  });

  it('does not hold before and after the time of a certificate', async () => {
    for (const time of ['2020-01-01T00:00:00Z', '2126-01-01T00:00:00Z'])
      await refused(signedBy(REGISTER, true, time), {}, time);
  });

  it('does not hold without a certificate, with one that cannot be read, or with a reference to another place', async () => {
    await refused(signedBy(REGISTER, false));
    const message = await signedBy(REGISTER);
    await refused(Promise.resolve(message.replace(/(<wsse:BinarySecurityToken [^>]*>)[^<]*/, '$1AAAA')));
    await refused(Promise.resolve(message.replace('<wsse:Reference URI="#Token"', '<wsse:Reference URI="#Body"')));
    const [token = ''] = /<wsse:BinarySecurityToken .*<\/wsse:BinarySecurityToken>/.exec(message) ?? [];
    await refused(Promise.resolve(message.replace(token, token + token)));
  });

  it('does not let the certificate of one cover the signature of another', async () => {
    const [own, other] = [await signedBy(REGISTER), await signedBy(NEIGHBOUR)];
    const token = /<wsse:BinarySecurityToken .*<\/wsse:BinarySecurityToken>/;
    const swapped = other.replace(token, token.exec(own)?.[0] ?? '');
    expect(await rejection(verify(swapped))).to.have.property('reason', 'signature_invalid');
  });

  it('needs issuers that are issuers, and a subject', () => {
    for (const trust of [{ issuers: [] }, { subject: {} }, { issuers: [new X509Certificate(REGISTER.certificate)] }])
      expect(() => issuedCertificate({ issuers: ISSUERS, subject: SUBJECT, ...trust })).to.throw('issue');
  });
});
