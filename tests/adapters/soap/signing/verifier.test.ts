import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SignedXml } from 'xml-crypto';
import { SignatureRefused } from '../../../../adapters/soap/signing/port.js';
import { createSigner } from '../../../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../../../adapters/soap/signing/verifier.js';
import { WSU } from '../../../../adapters/soap/xml/namespaces.js';
import { packageRoot } from '../../../../gateway/state/package-root.js';
import type { FailureReason } from '../../../../schemas/failures/register-failure.js';
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
function resigned(
  message: string,
  key: KeyObject,
  { form, digest, signature }: typeof USED,
  idAttribute?: string,
): string {
  const signing = new SignedXml({
    ...(idAttribute === undefined ? { idMode: 'wssecurity' } : { idAttribute }),
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
    createSigner({ key: privateKey, clock: at(0) }).sign(envelopeOf(text));
  const verify = (message: string, minutes = 0): Promise<{ xml: string }> =>
    createVerifier({ trust: publicKey, clock: at(minutes) }).verify(message);
  const refused = async (message: string, reason: FailureReason, minutes = 0): Promise<void> => {
    const error = await rejection(verify(message, minutes));
    expect(error).to.be.instanceOf(SignatureRefused).with.property('reason', reason);
    expect((error as Error).message).to.equal(`the signature of the message is refused: ${reason}`);
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
    const verifier = createVerifier({ trust: createPublicKey(CERTIFICATE), clock: at(0) });
    for (const message of [MESSAGE, `<?xml version="1.0" encoding="UTF-8"?>\n${MESSAGE}`]) {
      expect((await verifier.verify(message)).xml).to.match(
        /^<SOAP-ENV:Body .*<what>Айгүл &amp; &lt;Нұрлан&gt;<\/what>/s,
      );
    }
    expect(await rejection(verifier.verify(changed(MESSAGE, 'Айгүл', 'Сәуле')))).to.be.instanceOf(SignatureRefused);
  });

  it('is refused when its Body or its Timestamp was touched, or its digest hides a comment', async () => {
    const message = await signed();
    await refused(changed(message, 'right', 'wrong'), 'signature_invalid');
    await refused(
      changed(message, '<wsu:Expires>2026-11-23T10:05', '<wsu:Expires>2026-11-23T10:06'),
      'signature_invalid',
    );
    await refused(changed(message, /<ds:DigestValue>(....)/, '<ds:DigestValue><!-- x -->AAAA$1'), 'signature_invalid');
    await refused(changed(message, /<ds:SignatureValue>..../, '<ds:SignatureValue>AAAA'), 'signature_invalid');
  });

  it('is refused with a name of a namespace that is relative or holds references, signed or not', async () => {
    const message = await signed();
    for (const place of ['<soap:Header', '<wsse:Security', '<ds:Signature ', '<what', '<soap:Envelope'])
      for (const name of ['relative', 'urn:a?b&amp;c', 'urn:&lt;', "urn:'&quot;", 'urn:a&#9;b'])
        await refused(changed(message, place, `${place.trim()} xmlns:other="${name}" `), 'signature_invalid');
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
    ];
    for (const wrapping of wrappings) await refused(wrapping, 'signature_scope');
    const around = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${message}</soap:Body></soap:Envelope>`;
    await refused(around, 'signature_missing');
  });

  it('is refused with a namespace of its own for what replaces a part', async () => {
    const message = await signed();
    await refused(
      changed(
        message,
        'xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"',
        'xmlns:soap="http://www.w3.org/2003/05/soap-envelope"',
      ),
      'signature_invalid',
    );
    await refused(changed(message, /schemas.xmlsoap.org.soap.envelope/, 'example.org/'), 'envelope_missing');
  });

  it('is refused with two signatures, one in another place, and none', async () => {
    const message = await signed();
    const signature = signatureOf(message);
    await refused(changed(message, signature, `${signature}${signature}`), 'signature_scope');
    await refused(changed(message, '<what>', `<what>${signature}`), 'signature_invalid');
    await refused(
      changed(message.replace(signature, ''), '<soap:Header>', `<soap:Header>${signature}`),
      'signature_missing',
    );
    await refused(changed(message, signature, ''), 'signature_missing');
    await refused(envelopeOf('right'), 'signature_missing');
  });

  it('is refused by another key, its own in the message or not', async () => {
    const other = rsaPair('other');
    const message = await createSigner({ key: other.privateKey, clock: at(0) }).sign(envelopeOf('right'));
    await refused(message, 'signature_invalid');
    const modulus = createPublicKey(other.publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
    const told = `<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${modulus.n}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>`;
    await refused(changed(message, '</ds:Signature>', `${told}</ds:Signature>`), 'signature_invalid');
  });

  it('is refused with algorithms that are not of the list', async () => {
    const message = await signed();
    const more = 'http://www.w3.org/2001/04/xmldsig-more#';
    for (const algorithms of [
      { ...USED, signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' },
      { ...USED, digest: 'http://www.w3.org/2000/09/xmldsig#sha1' },
      { ...USED, form: `${USED.form}WithComments` },
      { ...USED, form: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments' },
    ])
      await refused(resigned(message, privateKey, algorithms), 'signature_algorithm');
    for (const [from, to] of [
      [USED.digest, 'constructor'],
      [USED.form, '__proto__'],
      [USED.form, 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'],
      [USED.signature, `${more}hmac-sha256`],
      [USED.signature, `${more}rsa-md5`],
      [USED.signature, `${more}ecdsa-sha256`],
      [USED.signature, ''],
    ] as const)
      await refused(message.replaceAll(`Algorithm="${from}"`, `Algorithm="${to}"`), 'signature_algorithm');
    const secret = createHmac('sha1', publicKey.export({ type: 'spki', format: 'pem' }))
      .update('x')
      .digest('base64');
    await refused(
      message
        .replaceAll(USED.signature, 'http://www.w3.org/2000/09/xmldsig#hmac-sha1')
        .replace(/<ds:SignatureValue>.*<\/ds:SignatureValue>/, `<ds:SignatureValue>${secret}</ds:SignatureValue>`),
      'signature_algorithm',
    );
  });

  it('is verified by every algorithm of the list', async () => {
    const message = await signed();
    await verify(resigned(message, privateKey, USED));
    for (const algorithms of [
      { ...USED, signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512' },
      { ...USED, digest: 'http://www.w3.org/2001/04/xmlenc#sha512' },
      { ...USED, form: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' },
    ])
      expect((await verify(resigned(message, privateKey, algorithms))).xml).to.include('<what>right</what>');
    for (const namedCurve of ['P-256', 'P-384', 'P-521']) {
      const pair = generateKeyPairSync('ec', { namedCurve });
      const own = await createSigner({ key: pair.privateKey, clock: at(0) }).sign(envelopeOf('right'));
      const { xml } = await createVerifier({ trust: pair.publicKey, clock: at(0) }).verify(own);
      expect(xml).to.include('<what>right</what>');
    }
  });

  it('is refused with a transform more, none in its list, or parameters that are not known', async () => {
    const message = await signed();
    const transform = `<ds:Transform Algorithm="${USED.form}"></ds:Transform>`;
    await refused(message.replaceAll(transform, transform + transform), 'signature_algorithm');
    await refused(message.replaceAll(transform, ''), 'signature_algorithm');
    for (const parameter of [
      '<x xmlns="urn:x"/>',
      `<InclusiveNamespaces xmlns="${USED.form}" PrefixList="soap"/><x/>`,
      '<ds:XPath>not(self::what)</ds:XPath>',
    ])
      await refused(message.replaceAll('></ds:Transform>', `>${parameter}</ds:Transform>`), 'signature_algorithm');
    await refused(changed(message, '<ds:Transforms>', '<ds:Transforms/><ds:Transforms>'), 'signature_algorithm');
  });

  it('has inclusive references where they name no Transform', async () => {
    const message = (await signed()).replaceAll(/<ds:Transforms>.*?<\/ds:Transforms>/g, '');
    await refused(message, 'signature_invalid');
  });

  it('is refused with references to anything but an Id of one element, twice to one, or too many', async () => {
    const message = await signed();
    for (const uri of ['', 'Body', '#', "#xpointer(id('Body'))", 'cid:1', 'https://example.org/#Body', '#Body#Body'])
      await refused(changed(message, 'URI="#Body"', `URI="${uri}"`), 'signature_scope');
    await refused(changed(message, ' URI="#Body"', ''), 'signature_scope');
    await refused(changed(message, 'URI="#Timestamp"', 'URI="#Body"'), 'signature_scope');
    const reference = /<ds:Reference URI="#Body">.*?<\/ds:Reference>/.exec(message)?.[0] ?? '';
    const others = Array.from({ length: 10 }, (_, n) => reference.replace('#Body', `#Body${n}`)).join('');
    await refused(changed(message, reference, reference + others), 'signature_scope');
  });

  it('takes no notice of attributes called id in what it says', async () => {
    const text = await signed('x</what><what id="1" Id="1" ID="1">y</what><what xml:id="_1" id="1">z');
    expect((await verify(text)).xml).to.include('<what ID="1" Id="1" id="1">y</what>');
  });

  it('is refused with the Id of a reference once more, under any spelling', async () => {
    const message = await signed();
    for (const attribute of ['Id', 'ID', 'id', 'xml:id', 'wsu:Id'])
      for (const place of ['<wsse:Security ', '<ds:SignatureValue'])
        await refused(changed(message, place, `${place.trim()} ${attribute}="Body" `), 'signature_scope');
  });

  it('may have an Id without a namespace on its Body', async () => {
    const pair = rsaPair('other');
    const message = resigned((await signed()).replace('wsu:Id="Body"', 'Id="Body"'), pair.privateKey, USED, 'Id');
    const { xml } = await createVerifier({ trust: pair.publicKey, clock: at(0) }).verify(message);
    expect(xml).to.include('Id="Body"').and.not.include('wsu:Id');
  });

  it('is refused when it is too old, or from a time to come', async () => {
    const message = await signed();
    for (const minutes of [4, -4]) await verify(message, minutes);
    for (const minutes of [6, -6, 60]) await refused(message, 'timestamp_stale', minutes);
    const patient = createVerifier({ trust: publicKey, maxAgeMs: 20 * 60_000, clock: at(5) });
    expect(await patient.verify(message)).to.have.property('expiresAt', NOW.getTime() + 6 * 60_000);
  });

  it('is refused without a signed Timestamp, unless its freshness is told by a date in its Body', async () => {
    const plain = createSigner({ key: privateKey, timestamp: false, clock: at(0) });
    const message = await plain.sign(envelopeOf('right'));
    await refused(message, 'timestamp_missing');
    const time = `<wsu:Timestamp xmlns:wsu="${WSU}" wsu:Id="T"><wsu:Created>2026-11-23T10:00:00Z</wsu:Created></wsu:Timestamp>`;
    await refused(changed(message, '<ds:Signature ', `${time}<ds:Signature `), 'signature_scope');
    const byDate = createVerifier({ trust: publicKey, freshness: 'response_date', clock: at(0) });
    for (const text of [message, changed(message, '<ds:Signature ', `${time}<ds:Signature `)])
      expect((await byDate.verify(text)).expiresAt).to.equal(undefined);
    expect(await rejection(byDate.verify(changed(message, 'right', 'wrong')))).to.have.property(
      'reason',
      'signature_invalid',
    );
  });

  it('is refused with a DOCTYPE, a processing instruction, beyond its depth, and when it is no XML', async () => {
    const message = await signed();
    await refused(`<!DOCTYPE x>${message}`, 'xml_doctype');
    await refused(`<!DOCTYPE x [<!ENTITY a "b">]>${message}`, 'xml_doctype');
    await refused(`<?xml-stylesheet href="x"?>${message}`, 'xml_invalid');
    await refused(`<?xml version="1.1"?>${message}`, 'xml_invalid');
    await refused(changed(message, '<what>', `<what>${'<a>'.repeat(65)}${'</a>'.repeat(65)}`), 'xml_too_deep');
    for (const text of ['', 'x', '{}', message.slice(0, -5)]) await refused(text, 'xml_invalid');
    await refused('<a/>', 'envelope_missing');
  });

  it('is verified by a public key only, long enough', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    for (const trust of [privateKey, short, generateKeyPairSync('ed25519').publicKey])
      expect(() => createVerifier({ trust, clock: at(0) })).to.throw('RSA of at least 2048 bits');
  });
});

describe('answers as they come', () => {
  const read = (name: string): string =>
    readFileSync(join(packageRoot(), 'tests', 'conformance', 'vendor', 'answers', name), 'latin1');
  const messageOf = (name: string): string => {
    const answer = Buffer.from(read(name), 'latin1').toString('utf8');
    return answer.slice(answer.indexOf('\r\n\r\n') + 4);
  };
  const clock = { now: () => new Date('2026-03-01T10:00:00Z') };
  const trust = createPublicKey(read('signer.pem'));

  it('are verified with a Timestamp, attributes called id in the payload, and no prefixes there', async () => {
    const verifier = createVerifier({ trust, clock });
    for (const name of ['soap-ids-in-payload.http', 'soap-unqualified.http', 'soap-escaped-data.http']) {
      const { xml, expiresAt } = await verifier.verify(messageOf(name));
      expect(xml).to.include('010203590013');
      expect(expiresAt).to.equal(Date.parse('2026-03-01T10:05:00Z'));
    }
  });

  it('are verified without a Timestamp by the date in the Body only', async () => {
    const message = messageOf('soap-no-timestamp.http');
    const byDate = createVerifier({ trust, freshness: 'response_date', clock });
    expect((await byDate.verify(message)).xml).to.include('<responseDate>2026-03-01T10:00:00Z</responseDate>');
    expect(await rejection(createVerifier({ trust, clock }).verify(message))).to.have.property(
      'reason',
      'timestamp_missing',
    );
  });
});
