import { createHmac, createPublicKey, type KeyObject } from 'node:crypto';
import { expect } from 'chai';
import { SignedXml } from 'xml-crypto';
import { SignatureRefused } from '../../../../adapters/soap/signing/port.js';
import { createRsaSigner } from '../../../../adapters/soap/signing/rsa-signer.js';
import { createRsaVerifier } from '../../../../adapters/soap/signing/rsa-verifier.js';
import { rejection } from '../../../rejection.js';
import { CERTIFICATE, MESSAGE } from './foreign.js';
import { envelopeOf, rsaPair } from './keys.js';

const NOW = new Date('2026-11-23T10:00:00.000Z');
const at = (minutes: number) => ({ now: () => new Date(NOW.getTime() + minutes * 60_000) });
const { privateKey, publicKey } = rsaPair('register');

const USED = {
  form: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
  signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
};

/** The message with a right signature by these algorithms in place of its own. */
function resigned(message: string, key: KeyObject, { form, digest, signature }: typeof USED): string {
  const signing = new SignedXml({
    idMode: 'wssecurity',
    privateKey: key,
    signatureAlgorithm: signature,
    canonicalizationAlgorithm: form,
  });
  for (const name of ['Body', 'Timestamp'])
    signing.addReference({ xpath: `//*[local-name(.)='${name}']`, transforms: [form], digestAlgorithm: digest });
  signing.computeSignature(message.replace(/<ds:Signature .*<\/ds:Signature>/, ''), {
    prefix: 'ds',
    location: { reference: "//*[local-name(.)='Security']", action: 'append' },
  });
  return signing.getSignedXml();
}

describe('a signed message', () => {
  const signed = (text = 'right'): Promise<string> =>
    createRsaSigner({ key: privateKey, clock: at(0) }).sign(envelopeOf(text));
  const verify = (message: string, minutes = 0): Promise<{ xml: string }> =>
    createRsaVerifier({ key: publicKey, clock: at(minutes) }).verify(message);
  const refused = async (message: string, minutes = 0): Promise<void> => {
    const error = await rejection(verify(message, minutes));
    expect(error)
      .to.be.instanceOf(SignatureRefused)
      .with.property('message', 'the signature of the message is refused');
    expect((error as Error).cause).to.equal(undefined);
  };
  /** Changes a message, and makes sure that it was changed. */
  const changed = (message: string, from: string | RegExp, to: string): string => {
    const made = message.replace(from, to);
    expect(made).to.not.equal(message);
    return made;
  };
  const bodyOf = (message: string): string => /<soap:Body.*<\/soap:Body>/.exec(message)?.[0] ?? '';
  const signatureOf = (message: string): string => /<ds:Signature .*<\/ds:Signature>/.exec(message)?.[0] ?? '';
  const badBody = '<soap:Body><t:Say xmlns:t="urn:test"><what>wrong</what></t:Say></soap:Body>';

  it('gives its Body, canonical, with any prefixes of the parts around it', async () => {
    const message = await signed('Айгүл &amp; Нұрлан');
    const { xml } = await verify(message);
    expect(xml).to.match(/^<soap:Body .*<what>Айгүл &amp; Нұрлан<\/what>.*<\/soap:Body>$/);
    const renamed = message
      .replaceAll(
        '<wsse:Security ',
        '<s:Security xmlns:s="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" ',
      )
      .replaceAll('</wsse:Security>', '</s:Security>');
    expect((await verify(renamed)).xml).to.equal(xml);
  });

  it('is verified as another implementation signs it, by the key of a certificate', async () => {
    const verifier = createRsaVerifier({ key: createPublicKey(CERTIFICATE), clock: at(0) });
    for (const message of [MESSAGE, `<?xml version="1.0" encoding="UTF-8"?>\n${MESSAGE}`]) {
      expect((await verifier.verify(message)).xml).to.match(
        /^<SOAP-ENV:Body .*<what>Айгүл &amp; &lt;Нұрлан&gt;<\/what>/s,
      );
    }
    expect(await rejection(verifier.verify(changed(MESSAGE, 'Айгүл', 'Сәуле')))).to.be.instanceOf(SignatureRefused);
  });

  it('is refused when its Body or its Timestamp was touched, or its digest hides a comment', async () => {
    const message = await signed();
    await refused(changed(message, 'right', 'wrong'));
    await refused(changed(message, '<wsu:Expires>2026-11-23T10:05', '<wsu:Expires>2026-11-23T10:06'));
    await refused(changed(message, /<ds:DigestValue>(....)/, '<ds:DigestValue><!-- x -->AAAA$1'));
    await refused(changed(message, /<ds:SignatureValue>..../, '<ds:SignatureValue>AAAA'));
  });

  it('is refused when the signed Body was moved away and another put in its place', async () => {
    const message = await signed();
    const body = bodyOf(message);
    const wrappings = [
      changed(message.replace(body, badBody), '</soap:Header>', `<x>${body}</x></soap:Header>`),
      changed(message.replace(body, badBody), '</wsse:Security>', `<x>${body}</x></wsse:Security>`),
      changed(message.replace(body, badBody), '</soap:Envelope>', `<x>${body}</x></soap:Envelope>`),
      changed(message.replace(body, badBody), '</soap:Envelope>', `${body}</soap:Envelope>`),
      changed(
        message.replace(body, body.replace('right', 'wrong')),
        '</soap:Envelope>',
        `<x>${body}</x></soap:Envelope>`,
      ),
      changed(
        message.replace(body, badBody.replace('<soap:Body>', '<soap:Body Id="Body">')),
        '</soap:Header>',
        `<x>${body}</x></soap:Header>`,
      ),
      changed(
        message.replace(
          body,
          badBody.replace(
            '<soap:Body>',
            '<soap:Body wsu:Id="Other" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">',
          ),
        ),
        '</soap:Header>',
        `<x>${body}</x></soap:Header>`,
      ),
      changed(message, body, `<soap:Body>${body}</soap:Body>`),
      `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${message}</soap:Body></soap:Envelope>`,
    ];
    for (const wrapping of wrappings) await refused(wrapping);
  });

  it('is refused with a namespace of its own for what replaces a part', async () => {
    const message = await signed();
    await refused(
      changed(
        message,
        'xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"',
        'xmlns:soap="http://www.w3.org/2003/05/soap-envelope"',
      ),
    );
  });

  it('is refused with two signatures, one in another place, and none', async () => {
    const message = await signed();
    const signature = signatureOf(message);
    await refused(changed(message, signature, `${signature}${signature}`));
    await refused(changed(message, '<what>', `<what>${signature}`));
    await refused(changed(message.replace(signature, ''), '<soap:Header>', `<soap:Header>${signature}`));
    await refused(changed(message, signature, ''));
  });

  it('is refused by another key, its own in the message or not', async () => {
    const other = rsaPair('other');
    const message = await createRsaSigner({ key: other.privateKey, clock: at(0) }).sign(envelopeOf('right'));
    await refused(message);
    const modulus = createPublicKey(other.publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
    const told = `<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${modulus.n}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>`;
    await refused(changed(message, '</ds:Signature>', `${told}</ds:Signature>`));
  });

  it('is refused with algorithms that are not of the list', async () => {
    const message = await signed();
    await refused(message.replaceAll('xmlenc#sha256', 'xmldsig#sha1'));
    await refused(
      message.replaceAll(
        'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      ),
    );
    await refused(
      message.replaceAll(
        'http://www.w3.org/2001/10/xml-exc-c14n#',
        'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
      ),
    );
    await refused(message.replaceAll('http://www.w3.org/2001/10/xml-exc-c14n#', 'constructor'));
    for (const algorithms of [
      { ...USED, signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' },
      { ...USED, digest: 'http://www.w3.org/2000/09/xmldsig#sha1' },
      { ...USED, form: `${USED.form}WithComments` },
      { ...USED, signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512' },
    ]) {
      await refused(resigned(message, privateKey, algorithms));
    }
    await verify(resigned(message, privateKey, USED));
    const secret = createHmac('sha1', publicKey.export({ type: 'spki', format: 'pem' }))
      .update('x')
      .digest('base64');
    await refused(
      message
        .replaceAll('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2000/09/xmldsig#hmac-sha1')
        .replace(/<ds:SignatureValue>.*<\/ds:SignatureValue>/, `<ds:SignatureValue>${secret}</ds:SignatureValue>`),
    );
  });

  it('is refused when it is too old, or from a time to come', async () => {
    const message = await signed();
    for (const minutes of [4, -4]) await verify(message, minutes);
    for (const minutes of [6, -6, 60]) await refused(message, minutes);
  });

  it('is refused with a DOCTYPE, a processing instruction, beyond its depth, and when it is no XML', async () => {
    const message = await signed();
    await refused(`<!DOCTYPE x>${message}`);
    await refused(`<!DOCTYPE x [<!ENTITY a "b">]>${message}`);
    await refused(`<?xml-stylesheet href="x"?>${message}`);
    await refused(changed(message, '<what>', `<what>${'<a>'.repeat(65)}${'</a>'.repeat(65)}`));
    for (const text of ['', 'x', '{}', message.slice(0, -5), '<a/>']) await refused(text);
  });

  it('is verified by a public key only', () => {
    expect(() => createRsaVerifier({ key: privateKey, clock: at(0) })).to.throw('public RSA key');
  });
});
