import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { CanonicalEvents, canonicalText, type CanonicalForm } from '../../../../adapters/soap/signing/canonical.js';
import { parseTree, type XmlElement } from '../../../../adapters/soap/signing/xml-tree.js';
import { scanXml } from '../../../../adapters/soap/xml/scanner.js';
import { packageRoot } from '../../../../gateway/state/package-root.js';
import { document } from '../xml/random-xml.js';

const EXCLUSIVE: CanonicalForm = { exclusive: true, inherited: 'none', prefixes: [] };
const INCLUSIVE: CanonicalForm = { exclusive: false, inherited: 'all', prefixes: [] };
const VERSION_1_1: CanonicalForm = { exclusive: false, inherited: 'simple', prefixes: [] };

/** The first element of this local name. */
function find(element: XmlElement, local: string): XmlElement | undefined {
  if (element.local === local) return element;
  for (const child of element.children) {
    const found = typeof child === 'string' ? undefined : find(child, local);
    if (found !== undefined) return found;
  }
  return undefined;
}

function canonical(xml: string, form: CanonicalForm, local = 'b'): string {
  const element = find(parseTree(xml), local);
  if (element === undefined) throw new Error(`there is no ${local}`);
  return canonicalText(element, form);
}

/** The canonical form of the root, written while the document is read. */
function writtenFrom(xml: string, form: CanonicalForm): string {
  let text = '';
  scanXml(xml, new CanonicalEvents(xml, form, undefined, (part) => (text += part)));
  return text;
}

function attempt<Result>(make: () => Result): Result | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

describe('the canonical form of an element', () => {
  const cases: readonly [what: string, form: CanonicalForm, xml: string, text: string][] = [
    ['gives empty elements an end tag', EXCLUSIVE, '<b><c/></b>', '<b><c></c></b>'],
    [
      'declares a prefix where a name uses it, and not again below',
      EXCLUSIVE,
      '<a xmlns:p="u:1" xmlns:q="u:2"><b><p:c><p:d q:e=""/></p:c></b></a>',
      '<b><p:c xmlns:p="u:1"><p:d xmlns:q="u:2" q:e=""></p:d></p:c></b>',
    ],
    [
      'declares it again beside, and where it means something else',
      EXCLUSIVE,
      '<b xmlns:p="u:1"><p:c xmlns:p="u:2"/><p:c/><p:d><p:e xmlns:p="u:2"><p:f xmlns:p="u:1"/></p:e></p:d></b>',
      '<b><p:c xmlns:p="u:2"></p:c><p:c xmlns:p="u:1"></p:c><p:d xmlns:p="u:1"><p:e xmlns:p="u:2"><p:f xmlns:p="u:1"></p:f></p:e></p:d></b>',
    ],
    [
      'does not take a prefix in a value for a use',
      EXCLUSIVE,
      '<a xmlns:p="u:1"><b type="p:x">p:y</b></a>',
      '<b type="p:x">p:y</b>',
    ],
    [
      'undoes a default namespace only where one was written',
      EXCLUSIVE,
      '<a xmlns="u:1"><b xmlns=""><c xmlns="u:2"><d xmlns=""/></c></b></a>',
      '<b><c xmlns="u:2"><d xmlns=""></d></c></b>',
    ],
    [
      'leaves a default namespace that only an attribute could use',
      EXCLUSIVE,
      '<a xmlns="u:1" xmlns:p="u:2"><p:b x="1"/></a>',
      '<p:b xmlns:p="u:2" x="1"></p:b>',
    ],
    [
      'declares listed prefixes where they are in scope, used or not',
      { ...EXCLUSIVE, prefixes: ['p', 'z', ''] },
      '<a xmlns:p="u:1" xmlns="u:0"><q:b xmlns:q="u:2"><q:c xmlns:p="u:3"/></q:b></a>',
      '<q:b xmlns="u:0" xmlns:p="u:1" xmlns:q="u:2"><q:c xmlns:p="u:3"></q:c></q:b>',
    ],
    [
      'sorts namespaces by prefix, attributes by the name of their namespace and then their own',
      EXCLUSIVE,
      '<b xmlns:p="u:2" xmlns:q="u:1" xmlns:r="u:1" p:a="1" q:z="2" r:y="3" z="4" a="5" xml:lang="kk"/>',
      '<b xmlns:p="u:2" xmlns:q="u:1" xmlns:r="u:1" a="5" z="4" xml:lang="kk" r:y="3" q:z="2" p:a="1"></b>',
    ],
    [
      'writes text with CDATA, references and line ends resolved, without comments',
      EXCLUSIVE,
      '<b>&lt;&amp;&gt;"\'<![CDATA[<&]]>\r\n&#13;&#xA;a<!-- x -->b</b>',
      '<b>&lt;&amp;&gt;"\'&lt;&amp;\n&#xD;\nab</b>',
    ],
    [
      'writes attributes with literal white space as spaces, and references to it as references',
      EXCLUSIVE,
      '<b x="\t\r\n\'&quot;&lt;>&amp;&#9;&#10;&#13;"/>',
      '<b x="  \'&quot;&lt;>&amp;&#x9;&#xA;&#xD;"></b>',
    ],
    [
      'in an inclusive form declares all that is in scope, and what changes below',
      INCLUSIVE,
      '<a xmlns="u:0" xmlns:p="u:1"><b xmlns:q="u:2"><c xmlns:p="u:1" xmlns=""/></b></a>',
      '<b xmlns="u:0" xmlns:p="u:1" xmlns:q="u:2"><c xmlns=""></c></b>',
    ],
    [
      'in an inclusive form takes the nearest attributes of XML from around',
      INCLUSIVE,
      '<a xml:lang="kk" xml:base="u:1" xml:id="i"><x xml:lang="ru"><b xml:space="preserve"><c/></b></x></a>',
      '<b xml:base="u:1" xml:id="i" xml:lang="ru" xml:space="preserve"><c></c></b>',
    ],
    [
      'in version 1.1 takes no Id from around',
      VERSION_1_1,
      '<a xml:lang="kk" xml:id="i"><b/></a>',
      '<b xml:lang="kk"></b>',
    ],
  ];
  for (const [what, form, xml, text] of cases)
    it(what, () => {
      expect(canonical(xml, form)).to.equal(text);
    });

  it('looks at listed prefixes once, and not at every element', () => {
    let looks = 0;
    class Listed extends Array<string> {
      override *[Symbol.iterator](): ArrayIterator<string> {
        looks += 1;
        yield* Array.from({ length: this.length }, (_, at) => this.at(at) ?? '');
      }
    }
    const form = { ...EXCLUSIVE, prefixes: Listed.of('p', 'q', '') };
    const looksFor = (elements: number): number => {
      looks = 0;
      writtenFrom(`<b xmlns:p="u:p">${'<c d=""/><c xmlns:p="u:q"/>'.repeat(elements)}</b>`, form);
      return looks;
    };
    expect(looksFor(1_000)).to.equal(looksFor(1)).and.to.be.at.least(1);
  });

  it('does not exist with a relative name of a namespace, or an address to put together', () => {
    expect(() => canonical('<b xmlns="relative"/>', EXCLUSIVE)).to.throw('relative');
    expect(() => canonical('<a xml:base="u:1"><b/></a>', VERSION_1_1)).to.throw('xml:base');
  });

  it('is the same, written from a tree or while the message is read', () => {
    const forms = [EXCLUSIVE, INCLUSIVE, VERSION_1_1, { ...EXCLUSIVE, prefixes: ['p', '', 'none'] }];
    let compared = 0;
    fc.assert(
      fc.property(document, fc.constantFrom(...forms), (xml, form) => {
        const tree = attempt(() => parseTree(xml));
        fc.pre(tree !== undefined);
        const text = attempt(() => canonicalText(tree, form));
        expect(attempt(() => writtenFrom(xml, form))).to.equal(text);
        if (text === undefined) return;
        expect(canonicalText(parseTree(text), form)).to.equal(text);
        compared += 1;
      }),
      { numRuns: Number(process.env['XML_DOCUMENTS'] ?? 1_000), seed: Number(process.env['SEED'] ?? 17) },
    );
    expect(compared).to.be.greaterThan(300);
  });

  it('has the digests of the W3C interoperability set', () => {
    const file = join(
      packageRoot(),
      ...['tests', 'conformance', 'vendor', 'c14n', 'merlin-exc-c14n-one', 'exc-signature.xml'],
    );
    const xml = readFileSync(file, 'utf8');
    const digests = [EXCLUSIVE, { ...EXCLUSIVE, prefixes: ['bar', ''] }].map((form) =>
      createHash('sha1')
        .update(canonical(xml, form, 'Object'))
        .digest('base64'),
    );
    expect(digests).to.deep.equal(['7yOTjUu+9oEhShgyIIXDLjQ08aY=', '09xMy0RTQM1Q91demYe/0F6AGXo=']);
  });
});
