import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { SOAP, WSSE, WSU, XMLDSIG } from '../../adapters/soap/xml/namespaces.js';
import { createSigner } from '../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../adapters/soap/signing/verifier.js';
import { rejection } from '../rejection.js';

/** How many random messages are signed by xmlsec1. */
const MESSAGES = Number(process.env['XMLSEC_MESSAGES'] ?? 300);
const NOW = new Date('2026-03-01T10:00:00Z');
const clock = { now: () => NOW };

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const FORMS = [
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'http://www.w3.org/2006/12/xml-c14n11',
] as const;
const DIGESTS = ['http://www.w3.org/2001/04/xmlenc#sha256', `${MORE}sha384`, 'http://www.w3.org/2001/04/xmlenc#sha512'];
const HASHES = ['sha256', 'sha384', 'sha512'];

/** Whether another implementation agrees with ours, on what it signs and on what we sign. */
describe('xmlsec1', function () {
  this.timeout(600_000);
  const keys = {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  };
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'xmlsec1-'));
    for (const [name, { privateKey, publicKey }] of Object.entries(keys)) {
      writeFileSync(join(folder, `${name}.key`), pem(privateKey, 'pkcs8'));
      writeFileSync(join(folder, `${name}.pub`), pem(publicKey, 'spki'));
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  const xmlsec1 = (message: string, ...options: string[]): string => {
    const [file, output] = [join(folder, 'message.xml'), join(folder, 'output.xml')];
    writeFileSync(file, message);
    const ids = [`${SOAP}:Body`, `${WSU}:Timestamp`].flatMap((name) => ['--id-attr:Id', name]);
    execFileSync('xmlsec1', [...options, ...ids, '--output', output, file], { stdio: 'pipe' });
    return readFileSync(output, 'utf8');
  };

  it(`signs ${MESSAGES} random messages that are verified here, and refused when one letter differs`, async () => {
    const samples = fc.sample(signedMessage, { numRuns: MESSAGES, seed: Number(process.env['SEED'] ?? 1) });
    for (const { key, template } of samples) {
      const message = xmlsec1(template, '--sign', '--privkey-pem', join(folder, `${key}.key`));
      const verifier = createVerifier({ trust: keys[key].publicKey, clock });
      await verifier.verify(message).catch((error: unknown) => {
        throw new Error(`not verified:\n${message}`, { cause: error });
      });
      const touched = message.replace('>marked<', '>Marked<');
      expect(await rejection(verifier.verify(touched))).to.have.property('reason', 'signature_invalid');
    }
  });

  it('verifies what we sign with each kind of key, and refuses it when one letter differs', async () => {
    for (const [name, { privateKey }] of Object.entries(keys))
      for (const timestamp of [true, false]) {
        const envelope = `<e:Envelope xmlns:e="${SOAP}" xmlns:u="urn:u"><e:Header><u:h/></e:Header><e:Body><u:a b="&#9;&lt;" a="'"><![CDATA[<&]]>Әже</u:a><c xmlns="urn:c"><d xmlns=""/></c></e:Body></e:Envelope>`;
        const message = await createSigner({ key: createPrivateKey(pem(privateKey, 'pkcs8')), timestamp, clock }).sign(
          envelope,
        );
        const verify = ['--verify', '--pubkey-pem', join(folder, `${name}.pub`)];
        xmlsec1(message, ...verify);
        expect(() => xmlsec1(message.replace('Әже', 'Ата'), ...verify)).to.throw();
      }
  });
});

function pem(key: KeyObject, type: 'pkcs8' | 'spki'): string {
  return key.export({ type, format: 'pem' }).toString();
}

/** Content of a Body: elements with prefixes that come and go, defaults that are undone, references, CDATA, comments. */
function element(depth: number): fc.Arbitrary<string> {
  const text = fc.constantFrom('text', '&lt;&amp;&#13;', '<![CDATA[<&>]]>', ' \r\n\t', '<!-- c -->', 'Әділ');
  return fc
    .record({
      prefix: fc.constantFrom('', 'p', 'q'),
      declared: fc.subarray(['xmlns:p="urn:1"', 'xmlns:q="urn:1"', 'xmlns="urn:3"', 'xmlns:r="urn:r"']),
      undone: fc.boolean(),
      attributes: fc.subarray([
        'a="1"',
        'b="\t&#9;&quot;"',
        "c='&lt;>'",
        'p:a="2"',
        'xml:lang="kk"',
        'id="1"',
        'Id="x"',
      ]),
      children: fc.array(depth === 0 ? text : fc.oneof(element(depth - 1), text), { maxLength: 4 }),
    })
    .map(({ prefix, declared, undone, attributes, children }) => {
      const name = prefix === '' ? 'e' : `${prefix}:e`;
      const all = declared.length === 0 && undone ? ['xmlns=""'] : declared;
      return `<${[name, ...all, ...attributes].join(' ')}>${children.join('')}</${name}>`;
    });
}

const signedMessage = fc
  .record({
    key: fc.constantFrom('rsa', 'P-256', 'P-384', 'P-521'),
    hash: fc.constantFrom(...HASHES),
    infoForm: fc.constantFrom(...FORMS),
    references: fc.tuple(reference(), reference()),
    around: fc.subarray(['xmlns="urn:0"', 'xmlns:r="urn:0"', 'xml:lang="ru"', 'xml:space="preserve"', 'xml:id="_e"']),
    content: fc.array(element(4), { minLength: 1, maxLength: 4 }),
  })
  .map(({ key, hash, infoForm, references: [forBody, forTimestamp], around, content }) => {
    const algorithm = `${MORE}${key === 'rsa' ? 'rsa' : 'ecdsa'}-${hash}`;
    const info = `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${infoForm}"/><ds:SignatureMethod Algorithm="${algorithm}"/>${forBody('B')}${forTimestamp('T')}</ds:SignedInfo>`;
    const signature = `<ds:Signature xmlns:ds="${XMLDSIG}">${info}<ds:SignatureValue/></ds:Signature>`;
    const time = `<u:Timestamp u:Id="T"><u:Created>2026-03-01T15:00:00.1234567+05:00</u:Created></u:Timestamp>`;
    const header = `<s:Header><w:Security xmlns:w="${WSSE}" xmlns:u="${WSU}">${time}${signature}</w:Security></s:Header>`;
    const body = `<s:Body Id="B"><marked>marked</marked>${content.join('\n')}</s:Body>`;
    return {
      key,
      template: `<s:Envelope xmlns:s="${SOAP}" xmlns:p="urn:p" xmlns:q="urn:q" ${around.join(' ')}>${header}\n${body}</s:Envelope>`,
    };
  });

function reference(): fc.Arbitrary<(id: string) => string> {
  return fc
    .record({
      form: fc.constantFrom(undefined, ...FORMS),
      prefixes: fc.subarray(['p', 'q', 'r', '#default', 'unbound']),
      digest: fc.constantFrom(...DIGESTS),
    })
    .map(({ form, prefixes, digest }) => {
      const list =
        form === FORMS[0] && prefixes.length > 0
          ? `<x:InclusiveNamespaces xmlns:x="${FORMS[0]}" PrefixList="${prefixes.join(' ')}"/>`
          : '';
      const transforms =
        form === undefined
          ? ''
          : `<ds:Transforms><ds:Transform Algorithm="${form}">${list}</ds:Transform></ds:Transforms>`;
      return (id) =>
        `<ds:Reference URI="#${id}">${transforms}<ds:DigestMethod Algorithm="${digest}"/><ds:DigestValue/></ds:Reference>`;
    });
}
