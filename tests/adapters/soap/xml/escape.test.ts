import { expect } from 'chai';
import fc from 'fast-check';
import { escapeXml } from '../../../../adapters/soap/xml/escape.js';
import { readXml, childElements } from '../../../../adapters/soap/xml/read-xml.js';
import { codeUnit } from '../../../code-units.js';

describe('escapeXml', () => {
  const readBack = (text: string): string | undefined => {
    let read: string | undefined;
    readXml(`<a>${escapeXml(text)}</a>`, childElements({ ' a': { leaf: (found) => (read = found) } }));
    return read;
  };

  it('lets no text be anything but a text', () => {
    for (const text of ['</a><b>', ']]>', '&amp;', '"\'', 'a\r\nb\tc', '<!-- -->', 'Ё 𐍈'])
      expect(readBack(text)).to.equal(text);
    expect(escapeXml('"x\'')).to.equal('&quot;x&apos;');
  });

  it('leaves out what XML cannot hold', () => {
    expect(escapeXml('a\u0000\u0007\u001b\ufffe\ud800b')).to.equal('ab');
  });

  it('makes well-formed XML of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: codeUnit, maxLength: 50 }), (text) => typeof readBack(text) === 'string'),
      { numRuns: 300, seed: 20260302 },
    );
  });
});
