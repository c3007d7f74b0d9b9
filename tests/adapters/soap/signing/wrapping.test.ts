import { expect } from 'chai';
import fc from 'fast-check';
import { WSU } from '../../../../adapters/soap/xml/namespaces.js';
import { SignatureRefused, type BodyReading } from '../../../../adapters/soap/signing/port.js';
import { createSigner } from '../../../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../../../adapters/soap/signing/verifier.js';
import { parseTree, type XmlElement } from '../../../../adapters/soap/signing/xml-tree.js';
import { rejection } from '../../../rejection.js';
import { envelopeOf, rsaPair } from './keys.js';

const clock = { now: () => new Date('2026-11-23T10:00:00Z') };
const { privateKey, publicKey } = rsaPair('register');

/** Texts of all elements of a message, as they are in it. */
function elementsOf(message: string): readonly string[] {
  const found: string[] = [];
  const visit = (element: XmlElement): void => {
    const start = element.nameEnd - element.name.length - 1;
    const end = endOf(message, element);
    found.push(message.slice(start, end));
    for (const child of element.children) if (typeof child !== 'string') visit(child);
  };
  visit(parseTree(message));
  return found;
}

function endOf(message: string, { name, tagEnd }: XmlElement): number {
  if (message.charAt(tagEnd - 2) === '/') return tagEnd;
  let depth = 1;
  const tags = new RegExp(`<(/?)${name}(?=[\\s/>])[^>]*?(/?)>`, 'g');
  tags.lastIndex = tagEnd;
  for (let tag = tags.exec(message); tag !== null; tag = tags.exec(message)) {
    depth += tag[1] === '/' ? -1 : tag[2] === '/' ? 0 : 1;
    if (depth === 0) return tags.lastIndex;
  }
  return message.length;
}

/** What someone on the way can do to a message without a key. Numbers choose the elements. */
const changes = {
  /** Puts a copy of one element before, behind or into another. */
  copy: (message: string, one: number, other: number, how: number) => put(message, pick(message, one), other, how),
  move: (message: string, one: number, other: number, how: number) => {
    const moved = pick(message, one);
    return put(
      message.replace(moved, () => ''),
      moved,
      other,
      how,
    );
  },
  swap: (message: string, one: number, other: number) => {
    const [first, second] = [pick(message, one), pick(message, other)];
    return message
      .replace(first, () => '\u0000')
      .replace(second, () => first)
      .replace('\u0000', () => second);
  },
  drop: (message: string, one: number) => message.replace(pick(message, one), () => ''),
  wrap: (message: string, one: number) => {
    const wrapped = pick(message, one);
    return message.replace(wrapped, () => `<x>${wrapped}</x>`);
  },
  /** Puts another Body in the place of one, with the Id of a part. */
  replace: (message: string, one: number, _: number, how: number) => {
    const id = ['Id="Body"', 'wsu:Id="Body"', 'wsu:Id="Timestamp"', 'id="Body"', ''][how % 5] ?? '';
    const wrong = `<soap:Body xmlns:wsu="${WSU}" ${id}><t:Say xmlns:t="urn:test"><what>wrong</what></t:Say></soap:Body>`;
    return message.replace(pick(message, one), () => wrong);
  },
  rename: (message: string, one: number, other: number, how: number) => {
    const id = /Id="[^"]*"/g;
    const [from, to] = [ids(message, id, one), ids(message, id, other)];
    return how % 2 === 0 ? message.replace(from, () => to) : message.replaceAll(from, () => to);
  },
  refer: (message: string, one: number, _: number, how: number) =>
    message.replace(/URI="#\w+"/, () => `URI="#${['Body', 'Timestamp', 'Other', ''][(one + how) % 4] ?? ''}"`),
} as const;

function pick(message: string, number: number): string {
  const all = elementsOf(message);
  return all[number % all.length] ?? '';
}

function ids(message: string, pattern: RegExp, number: number): string {
  const all = message.match(pattern) ?? [''];
  return all[number % all.length] ?? '';
}

function put(message: string, what: string, beside: number, how: number): string {
  const target = pick(message, beside);
  const into = target.replace(/>/, () => `>${what}`);
  return message.replace(target, () => [what + target, target + what, into][how % 3] ?? target);
}

const change = fc.record({
  kind: fc.constantFrom(...(Object.keys(changes) as (keyof typeof changes)[])),
  one: fc.nat(40),
  other: fc.nat(40),
  how: fc.nat(5),
});

/** Reads all text of a Body. */
function textReading(): BodyReading<string> {
  let all = '';
  return {
    begin: (message) => ({
      open: () => undefined,
      text: (from, to, value) => void (all += value ?? message.slice(from, to)),
      close: () => undefined,
    }),
    finish: () => all,
  };
}

describe('a signed message whose parts are moved, copied, wrapped and renamed', () => {
  it('is refused, or says what was signed', async function () {
    this.timeout(600_000);
    const message = await createSigner({ key: privateKey, clock }).sign(envelopeOf('right'));
    const verifier = createVerifier({ trust: publicKey, clock });
    const { xml } = await verifier.verify(message);
    let taken = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (all) => {
        let changed = message;
        for (const { kind, one, other, how } of all)
          changed = attempt(changed, (text) => changes[kind](text, one, other, how));
        try {
          expect((await verifier.verify(changed)).xml).to.equal(xml);
          taken += 1;
        } catch (error) {
          expect(error).to.be.instanceOf(SignatureRefused);
          refused += 1;
          expect(await rejection(verifier.read(changed, textReading()))).to.deep.equal(error);
          return;
        }
        expect((await verifier.read(changed, textReading())).read).to.equal('right');
      }),
      { numRuns: Number(process.env['WRAPPINGS'] ?? 300), seed: Number(process.env['SEED'] ?? 7) },
    );
    // Some changes touch nothing that counts. Most must.
    expect(taken).to.be.greaterThan(10);
    expect(refused).to.be.greaterThan(taken);
  });
});

/** A change may leave no XML. Then there is nothing more to change. */
function attempt(message: string, apply: (text: string) => string): string {
  try {
    return apply(message);
  } catch {
    return message;
  }
}
