import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { canonicalText, type CanonicalForm } from '../../../../adapters/soap/signing/canonical.js';
import { parseTree, type XmlElement } from '../../../../adapters/soap/signing/xml-tree.js';
import { packageRoot } from '../../../../gateway/state/package-root.js';

const EXCLUSIVE: CanonicalForm = { exclusive: true, inherited: 'none', prefixes: [] };
const INCLUSIVE: CanonicalForm = { exclusive: false, inherited: 'all', prefixes: [] };
const VERSION_1_1: CanonicalForm = { exclusive: false, inherited: 'simple', prefixes: [] };

/** The first element of this name, with its prefix. */
function find(element: XmlElement, name: string): XmlElement | undefined {
  if (element.name === name) return element;
  for (const child of element.children) {
    const found = typeof child === 'string' ? undefined : find(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function canonical(xml: string, name: string, form: CanonicalForm): string {
  const element = find(parseTree(xml), name);
  if (element === undefined) throw new Error(`there is no ${name}`);
  return canonicalText(element, form);
}

describe('the canonical form, by public vectors', () => {
  const folder = join(packageRoot(), 'tests', 'conformance', 'vendor', 'c14n', 'merlin-c14n-three');
  const vector = (name: string): string => readFileSync(join(folder, name), 'utf8');

  // Of its 27 References, those whose XPath leaves out no node below its apex: SOAP signs whole elements.
  for (const [file, form] of [
    ['c14n-0.txt', INCLUSIVE],
    ['c14n-9.txt', EXCLUSIVE],
    ['c14n-18.txt', { ...EXCLUSIVE, prefixes: [''] }],
  ] as const)
    it(`merlin-c14n-three ${file}`, () => {
      expect(canonical(vector('signature.xml'), 'bar:Something', form)).to.equal(vector(file));
    });

  // Exclusive XML Canonicalization 1.0 (RFC 3741), sections 2.1 and 2.2.
  const simple =
    '<n0:pdu xmlns:n0="http://a.example"><n1:elem1 xmlns:n1="http://b.example">\n  content\n</n1:elem1></n0:pdu>';
  const local =
    '<n0:local xmlns:n0="foo:bar"\n    xmlns:n3="ftp://example.org">\n  <n1:elem2 xmlns:n1="http://example.net"\n      xml:lang="en">\n    <n3:stuff xmlns:n3="ftp://example.org"/>\n  </n1:elem2>\n</n0:local>';
  const pdu =
    '<n2:pdu xmlns:n1="http://example.com"\n    xmlns:n2="http://foo.example"\n    xml:lang="fr"\n    xml:space="retain">\n  <n1:elem2 xmlns:n1="http://example.net"\n      xml:lang="en">\n    <n3:stuff xmlns:n3="ftp://example.org"/>\n  </n1:elem2>\n</n2:pdu>';
  const elem2 =
    '<n1:elem2 xmlns:n1="http://example.net" xml:lang="en">\n    <n3:stuff xmlns:n3="ftp://example.org"></n3:stuff>\n  </n1:elem2>';
  for (const [what, xml, name, form, text] of [
    [
      '2.1, inclusive',
      simple,
      'n1:elem1',
      INCLUSIVE,
      '<n1:elem1 xmlns:n0="http://a.example" xmlns:n1="http://b.example">\n  content\n</n1:elem1>',
    ],
    ['2.1, exclusive', simple, 'n1:elem1', EXCLUSIVE, '<n1:elem1 xmlns:n1="http://b.example">\n  content\n</n1:elem1>'],
    [
      '2.2, first, inclusive',
      local,
      'n1:elem2',
      INCLUSIVE,
      '<n1:elem2 xmlns:n0="foo:bar" xmlns:n1="http://example.net" xmlns:n3="ftp://example.org" xml:lang="en">\n    <n3:stuff></n3:stuff>\n  </n1:elem2>',
    ],
    [
      '2.2, second, inclusive',
      pdu,
      'n1:elem2',
      INCLUSIVE,
      '<n1:elem2 xmlns:n1="http://example.net" xmlns:n2="http://foo.example" xml:lang="en" xml:space="retain">\n    <n3:stuff xmlns:n3="ftp://example.org"></n3:stuff>\n  </n1:elem2>',
    ],
    ['2.2, first, exclusive', local, 'n1:elem2', EXCLUSIVE, elem2],
    ['2.2, second, exclusive', pdu, 'n1:elem2', EXCLUSIVE, elem2],
  ] as const)
    it(`RFC 3741, section ${what}`, () => {
      expect(canonical(xml, name, form)).to.equal(text);
    });

  // Canonical XML 1.0 (RFC 3076) and 1.1, without what a DOCTYPE would add.
  const cases: readonly (readonly [what: string, xml: string, text: string])[] = [
    [
      '3.2, white space',
      '<doc>\n   <clean>   </clean>\n   <dirty>   A   B   </dirty>\n   <mixed>\n      A\n      <clean>   </clean>\n      B\n   </mixed>\n</doc>',
      '<doc>\n   <clean>   </clean>\n   <dirty>   A   B   </dirty>\n   <mixed>\n      A\n      <clean>   </clean>\n      B\n   </mixed>\n</doc>',
    ],
    [
      '3.3, start and end tags',
      '<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = "elem3"   id="elem3"   />\n   <e4   name="elem4"   id="elem4"   ></e4>\n   <e5 a:attr="out" b:attr="sorted" attr2="all" attr="I\'m"\n      xmlns:b="http://www.ietf.org"\n      xmlns:a="http://www.w3.org"\n      xmlns="http://example.org"/>\n   <e6 xmlns="" xmlns:a="http://www.w3.org">\n      <e7 xmlns="http://www.ietf.org">\n         <e8 xmlns="" xmlns:a="http://www.w3.org">\n            <e9 xmlns="" xmlns:a="http://www.ietf.org"/>\n         </e8>\n      </e7>\n   </e6>\n</doc>',
      '<doc>\n   <e1></e1>\n   <e2></e2>\n   <e3 id="elem3" name="elem3"></e3>\n   <e4 id="elem4" name="elem4"></e4>\n   <e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I\'m" attr2="all" b:attr="sorted" a:attr="out"></e5>\n   <e6 xmlns:a="http://www.w3.org">\n      <e7 xmlns="http://www.ietf.org">\n         <e8 xmlns="">\n            <e9 xmlns:a="http://www.ietf.org"></e9>\n         </e8>\n      </e7>\n   </e6>\n</doc>',
    ],
    [
      '3.4, characters',
      '<doc>\n   <text>First line&#x0d;&#10;Second line</text>\n   <value>&#x32;</value>\n   <compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute>\n   <compute expr=\'value>"0" &amp;&amp; value&lt;"10" ?"valid":"error"\'>valid</compute>\n   <norm attr=\' &apos;   &#x20;&#13;&#xa;&#9;   &apos; \'/>\n</doc>',
      '<doc>\n   <text>First line&#xD;\nSecond line</text>\n   <value>2</value>\n   <compute>value&gt;"0" &amp;&amp; value&lt;"10" ?"valid":"error"</compute>\n   <compute expr="value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error&quot;">valid</compute>\n   <norm attr=" \'    &#xD;&#xA;&#x9;   \' "></norm>\n</doc>',
    ],
    ['3.6, UTF-8', '<?xml version="1.0" encoding="ISO-8859-1"?>\n<doc>&#169;</doc>', '<doc>©</doc>'],
  ];
  for (const [what, xml, text] of cases)
    it(`RFC 3076 and Canonical XML 1.1, section ${what}`, () => {
      for (const form of [INCLUSIVE, VERSION_1_1]) expect(canonical(xml, 'doc', form)).to.equal(text);
    });
});
