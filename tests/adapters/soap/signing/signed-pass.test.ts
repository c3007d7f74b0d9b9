import { expect } from 'chai';
import { SOAP } from '../../../../adapters/soap/xml/namespaces.js';
import { SignatureRefused } from '../../../../adapters/soap/signing/port.js';
import { SignedPass } from '../../../../adapters/soap/signing/signed-pass.js';
import { createVerifier } from '../../../../adapters/soap/signing/verifier.js';
import { scanXml } from '../../../../adapters/soap/xml/scanner.js';
import { rejection } from '../../../rejection.js';
import { rsaPair } from './keys.js';

const clock = { now: () => new Date('2026-11-23T10:00:00Z') };

function withBodies(count: number): string {
  return `<s:Envelope xmlns:s="${SOAP}">${'<s:Body/>'.repeat(count)}</s:Envelope>`;
}

/** How often the children of the Envelope are looked through while a message is read. */
function looksFor(xml: string): number {
  let looks = 0;
  const pass = new SignedPass(xml, {});
  const watch = (children: unknown[]): void => {
    if (Object.hasOwn(children, 'filter')) return;
    const filter = (...given: Parameters<unknown[]['filter']>): unknown[] => {
      looks += 1;
      return Array.prototype.filter.apply(children, given) as unknown[];
    };
    Object.defineProperty(children, 'filter', { value: filter });
  };
  scanXml(xml, {
    open: (tag, from, to) => {
      pass.open(tag, from, to);
      if (pass.root !== undefined) watch(pass.root.children);
    },
    text: (from, to, value) => pass.text(from, to, value),
    close: (tag, from, to) => pass.close(tag, from, to),
  });
  return looks;
}

describe('a message with several Bodies', () => {
  it('is looked through for a signature at the first, not at each', () => {
    expect(looksFor(withBodies(1))).to.be.at.least(1);
    expect(looksFor(withBodies(500))).to.equal(looksFor(withBodies(1)));
  });

  it('is refused, however many there are', async () => {
    const verifier = createVerifier({ trust: rsaPair('register').publicKey, clock });
    for (const count of [2, 500])
      expect(await rejection(verifier.verify(withBodies(count))))
        .to.be.instanceOf(SignatureRefused)
        .with.property('reason', 'signature_scope');
  });
});
