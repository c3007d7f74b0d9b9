import { expect } from 'chai';
import fc from 'fast-check';
import { SOAP } from '../../../../adapters/soap/xml/namespaces.js';
import { SignatureRefused, type BodyReading } from '../../../../adapters/soap/signing/port.js';
import { createSigner } from '../../../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../../../adapters/soap/signing/verifier.js';
import { PART_LENGTH } from '../../../../adapters/soap/xml/scan-in-parts.js';
import { scanXml } from '../../../../adapters/soap/xml/scanner.js';
import type { XmlEvents } from '../../../../adapters/soap/xml/tag.js';
import { rejection } from '../../../rejection.js';
import { DECLARED, element } from '../xml/random-xml.js';
import { OutlineWriter, type Outline } from '../xml/reference-parser.js';
import { envelopeOf, rsaPair } from './keys.js';

const clock = { now: () => new Date('2026-11-23T10:00:00Z') };
const { privateKey, publicKey } = rsaPair('register');
const signer = createSigner({ key: privateKey, clock });
const verifier = createVerifier({ trust: publicKey, clock });

function outlining(outline: OutlineWriter, xml: string): XmlEvents {
  return {
    open: ({ name, uri, attributes }) => {
      const all = attributes.map((attribute) => [attribute.name, attribute.uri, attribute.value] as const);
      outline.open(
        name,
        uri,
        all.toSorted(([one], [other]) => (one < other ? -1 : 1)),
      );
    },
    text: (from, to, value) => outline.text(value ?? xml.slice(from, to)),
    close: () => outline.close(),
  };
}

function outlineReading(): BodyReading<Outline> {
  const outline = new OutlineWriter();
  return { begin: (text) => outlining(outline, text), finish: () => outline.lines };
}

/** What is read of a signed Body, and what was signed. */
async function bothOf(message: string): Promise<{ readonly read: Outline; readonly signed: Outline }> {
  const { read } = await verifier.read(message, outlineReading());
  const { xml } = await verifier.verify(message);
  const outline = new OutlineWriter();
  scanXml(xml, outlining(outline, xml));
  return { read, signed: outline.lines };
}

/** The message with its Header behind its Body, so that the signature follows what it signs. */
function headerLast(message: string): string {
  const header = /<soap:Header>.*<\/soap:Header>/s.exec(message)?.[0] ?? '';
  return message.replace(header, () => '').replace('</soap:Envelope>', () => `${header}</soap:Envelope>`);
}

describe('reading a signed message', () => {
  it('reads what was signed, whether the signature precedes the Body or follows it', async function () {
    this.timeout(600_000);
    let read = 0;
    await fc.assert(
      fc.asyncProperty(element, async (content) => {
        const envelope = `<soap:Envelope xmlns:soap="${SOAP}"${DECLARED}><soap:Body>${content}</soap:Body></soap:Envelope>`;
        const message = await signer.sign(envelope).catch(() => undefined);
        if (message === undefined) return;
        const first = await bothOf(message);
        const last = await bothOf(headerLast(message));
        expect(first.read).to.deep.equal(first.signed);
        expect(last).to.deep.equal(first);
        read += 1;
      }),
      { numRuns: Number(process.env['SIGNED_MESSAGES'] ?? 200), seed: Number(process.env['SEED'] ?? 17) },
    );
    expect(read).to.be.greaterThan(50);
  });

  it('reads the Body once', async () => {
    const message = await signer.sign(envelopeOf('right'));
    for (const one of [message, headerLast(message)]) {
      const told: string[] = [];
      await verifier.read(one, {
        begin: () => {
          told.push('begin');
          return {
            open: ({ name }) => told.push(name),
            text: () => undefined,
            close: ({ name }) => told.push(`/${name}`),
          };
        },
        finish: () => told.push('finish'),
      });
      expect(told).to.deep.equal([
        ...['begin', 'soap:Body', 't:Say', 'what', '/what', '/t:Say', '/soap:Body', 'finish'],
      ]);
    }
  });

  it('hands nothing on of a message that is refused, and says why that is, also where its reader throws', async () => {
    const message = await signer.sign(envelopeOf('right'));
    const changes: readonly (readonly [from: RegExp | string, to: string, reason: string])[] = [
      ['right', 'wrong', 'signature_invalid'],
      ['</soap:Envelope>', '', 'xml_invalid'],
      ['</soap:Envelope>', '<soap:Body/></soap:Envelope>', 'signature_scope'],
      ['</soap:Envelope>', '<x Id="Body"/></soap:Envelope>', 'signature_scope'],
      ['<what>', '<what id="Timestamp">', 'signature_scope'],
      [/<ds:SignatureValue>..../, '<ds:SignatureValue>AAAA', 'signature_invalid'],
      [/<ds:Signature .*<\/ds:Signature>/, '', 'signature_missing'],
      [/Expires>2026-11-23T10:05/, 'Expires>2026-11-23T10:04', 'signature_invalid'],
      ['<what>', '<r:what xmlns:r="relative"/><what>', 'signature_invalid'],
    ];
    for (const [from, to, reason] of changes) {
      const changed = message.replace(from, to);
      expect(changed).to.not.equal(message);
      for (const one of [changed, headerLast(changed)])
        for (const fails of [false, true]) {
          let isHandedOn = false;
          const events = outlining(new OutlineWriter(), one);
          const refused = verifier.read(one, {
            begin: () => ({
              ...events,
              close: () => {
                if (fails) throw new TypeError('the reader fails');
              },
            }),
            finish: () => (isHandedOn = true),
          });
          const error = await rejection(refused);
          expect(error, `${to} ${fails}`).to.be.instanceOf(SignatureRefused).with.property('reason', reason);
          expect(await rejection(verifier.verify(one))).to.have.property('reason', reason);
          expect(isHandedOn).to.equal(false);
        }
    }
  });

  it('rejects with what its reader threw, if the message is taken', async () => {
    const message = await signer.sign(envelopeOf('right'));
    const failing = (): never => {
      throw new RangeError('the reader fails');
    };
    for (const one of [message, headerLast(message)]) {
      const reading = { begin: () => ({ open: failing, text: failing, close: failing }), finish: () => undefined };
      expect(await rejection(verifier.read(one, reading))).to.be.instanceOf(RangeError);
    }
  });

  it('makes no large SignedInfo canonical', async () => {
    const message = await signer.sign(envelopeOf('right'));
    const large = message.replace('</ds:SignedInfo>', `${'<x/>'.repeat(1_000)}</ds:SignedInfo>`);
    for (const one of [large, headerLast(large)])
      expect(await rejection(verifier.verify(one))).to.have.property('reason', 'signature_invalid');
  });

  it('reads a long message in parts, and lets others have their turn between them', async function () {
    this.timeout(60_000);
    const size = 500_000;
    const inner: Readonly<Record<string, string>> = {
      elements: '<a/>'.repeat(size / 4),
      'elements with texts': '<a>text</a>'.repeat(size / 11),
      namespaces: '<a xmlns="u:a"/>'.repeat(size / 16),
      attributes: '<a b="" c="&lt;" d="&#9;"/>'.repeat(size / 27),
      references: `<a>${'&amp;'.repeat(size / 5)}</a>`,
    };
    for (const [what, content] of Object.entries(inner)) {
      const message = await signer.sign(envelopeOf(`</what>${content}<what>`));
      for (const one of [message, headerLast(message)]) {
        let turns = 0;
        let inTurn = 0;
        const most = { elements: 0 };
        const patient = createVerifier({
          trust: publicKey,
          clock,
          turn: async () => {
            turns += 1;
            inTurn = 0;
          },
        });
        const count = (): void => {
          inTurn += 1;
          most.elements = Math.max(most.elements, inTurn);
        };
        await patient.read(one, {
          begin: () => ({ open: count, text: () => undefined, close: () => undefined }),
          finish: () => undefined,
        });
        const parts = Math.ceil(one.length / PART_LENGTH);
        expect(turns, what).to.be.at.least(Math.floor(parts / 2));
        expect(most.elements, what).to.be.at.most(PART_LENGTH / 4 + 1);
      }
    }
  });
});
