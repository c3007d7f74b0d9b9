import { expect } from 'chai';
import fc from 'fast-check';
import { PART_LENGTH, scanInParts } from '../../../../adapters/soap/xml/scan-in-parts.js';
import { scanXml, XmlScanner } from '../../../../adapters/soap/xml/scanner.js';
import type { XmlEvents } from '../../../../adapters/soap/xml/tag.js';
import { XmlRefused } from '../../../../adapters/soap/xml/xml-refused.js';
import { brokenDocument, document, soup } from './random-xml.js';
import { NotComparable, OutlineWriter, referenceOutline, type Outline } from './reference-parser.js';

const SEED = Number(process.env['SEED'] ?? 17);
const DOCUMENTS = Number(process.env['XML_DOCUMENTS'] ?? 1_000);

function eventsInto(outline: OutlineWriter, xml: string): XmlEvents {
  return {
    open: ({ name, uri, attributes }) =>
      outline.open(
        name,
        uri,
        attributes.map((attribute) => [attribute.name, attribute.uri, attribute.value]),
      ),
    text: (from, to, value) => outline.text(value ?? xml.slice(from, to)),
    close: () => outline.close(),
  };
}

/** Undefined for a document that is refused. */
function outlineOf(xml: string, read = scanXml): Outline | undefined {
  const outline = new OutlineWriter();
  try {
    read(xml, eventsInto(outline, xml));
    return outline.lines;
  } catch (error) {
    expect(error).to.be.instanceOf(XmlRefused);
    return undefined;
  }
}

function reference(xml: string): Outline | undefined {
  try {
    return referenceOutline(xml);
  } catch (error) {
    fc.pre(!(error instanceof NotComparable));
    throw error;
  }
}

describe('the scanner of XML', () => {
  for (const [what, xml, least] of [
    ['documents', document, 0.5],
    ['documents with faults', brokenDocument, 0.02],
    ['pieces of documents in any order', soup, 0],
  ] as const)
    it(`takes, refuses and reads ${what} as saxes does`, function () {
      this.timeout(600_000);
      let taken = 0;
      fc.assert(
        fc.property(xml, (text) => {
          const expected = reference(text);
          const outline = outlineOf(text);
          if (outline !== undefined) taken += 1;
          expect(outline).to.deep.equal(expected);
        }),
        { numRuns: DOCUMENTS, seed: SEED },
      );
      expect(taken).to.be.at.least(DOCUMENTS * least);
      expect(taken).to.be.lessThan(DOCUMENTS);
    });

  it('reads a document in parts as it does at once', () => {
    const inParts =
      (characters: number) =>
      (xml: string, events: XmlEvents): void => {
        const scanner = new XmlScanner(xml, events);
        while (!scanner.advance(characters));
      };
    fc.assert(
      fc.property(document, fc.integer({ min: 1, max: 30 }), (text, characters) => {
        expect(outlineOf(text, inParts(characters))).to.deep.equal(outlineOf(text));
      }),
      { numRuns: 200, seed: SEED },
    );
  });

  it('says where tags and texts stand, and which texts are canonical as they stand', () => {
    const xml = '<?xml version="1.0"?>\n<a x="1"><b/>t<!-- c -->u&lt;<![CDATA[v]]>></a >';
    const found: unknown[] = [];
    scanXml(xml, {
      open: ({ name }, from, to) => found.push([name, xml.slice(from, to)]),
      text: (from, to, value) => found.push([xml.slice(from, to), value]),
      close: ({ name }, from, to) => found.push([name, xml.slice(from, to)]),
    });
    expect(found).to.deep.equal([
      ['a', '<a x="1">'],
      ['b', '<b/>'],
      ['b', ''],
      ['t', undefined],
      ['u&lt;', 'u<'],
      ['<![CDATA[v]]>', 'v'],
      ['>', '>'],
      ['a', '</a >'],
    ]);
  });

  it('says why it refuses a document', () => {
    const wide = (attributes: number): string =>
      `<a ${Array.from({ length: attributes }, (_, n) => `x${n}=""`).join(' ')}/>`;
    const deep = (elements: number): string => '<a>'.repeat(elements) + '</a>'.repeat(elements);
    const none = { open: () => undefined, text: () => undefined, close: () => undefined };
    for (const xml of [wide(1_000), deep(64)]) scanXml(xml, none);
    for (const [xml, reason] of [
      ['<!DOCTYPE a><a/>', 'xml_doctype'],
      ['<!-- c --><!DOCTYPE a', 'xml_doctype'],
      ['<a/><!DOCTYPE a>', 'xml_invalid'],
      ['<?xml version="1.1"?><a/>', 'xml_invalid'],
      ['<?x y?><a/>', 'xml_invalid'],
      ['<xmlns:a/>', 'xml_invalid'],
      ['<a x:b=""/>', 'xml_invalid'],
      ['<a xmlns:x="u" xmlns:y="u" x:b="" y:b=""/>', 'xml_invalid'],
      [wide(1_001), 'xml_invalid'],
      [deep(65), 'xml_too_deep'],
    ] as const)
      expect(() => scanXml(xml, none), xml.slice(0, 40))
        .to.throw(XmlRefused)
        .with.property('reason', reason);
  });

  it('finds an attribute that comes twice among many', () => {
    const many = Array.from({ length: 20 }, (_, n) => `x${n}=""`).join(' ');
    expect(outlineOf(`<a ${many}/>`)).to.have.length(22);
    expect(outlineOf(`<a ${many} x3=""/>`)).to.equal(undefined);
  });

  it('ends a namespace with the element that declares it', () => {
    const xml = '<p:a xmlns:p="u:1" xmlns="u:0"><p:b xmlns:p="u:2"><p:c/><d xmlns=""/></p:b><p:b/><d/></p:a>';
    expect(outlineOf(xml)?.filter((line) => line !== '/')).to.deep.equal([
      ...['<p:a {u:1}', '<p:b {u:2}', '<p:c {u:2}', '<d {}', '<p:b {u:1}', '<d {u:0}'],
    ]);
    expect(outlineOf('<a><b xmlns:p="u"/><p:c/></a>')).to.equal(undefined);
  });

  it('reads a long text in parts, and cuts no reference, line end or character', () => {
    const cut = 32_768;
    for (const piece of ['&amp;', '&#x1F600;', '\r\n', '\r', '\u{1F600}', ']]', '>', ';'])
      for (let before = 0; before < 10; before += 1) {
        const xml = `<a>${'x'.repeat(cut - before)}${piece}${'y'.repeat(cut)}${piece}</a>`;
        let parts = 0;
        scanXml(xml, { open: () => undefined, text: () => void (parts += 1), close: () => undefined });
        expect(parts).to.be.greaterThan(1);
        expect(outlineOf(xml), piece).to.deep.equal(referenceOutline(xml));
        expect(outlineOf(`<a>${'x'.repeat(cut - before)}]]>${'y'.repeat(cut)}</a>`)).to.equal(undefined);
      }
    expect(outlineOf(`<a>&${'x'.repeat(cut)};</a>`)).to.equal(undefined);
    expect(outlineOf(`<a>&#${'0'.repeat(cut)}65;</a>`)).to.deep.equal(['<a {}', '"A"', '/']);
  });

  it('reads a long document in several turns, and a short one in one', async () => {
    const turnsFor = async (characters: number): Promise<number> => {
      let turns = 0;
      const xml = `<a>${'<b/>'.repeat(characters / 4)}</a>`;
      await scanInParts(xml, eventsInto(new OutlineWriter(), xml), async () => void (turns += 1));
      return turns;
    };
    expect(await turnsFor(20_000)).to.equal(0);
    expect(await turnsFor(10 * PART_LENGTH)).to.equal(10);
  });
});
