import { expect } from 'chai';
import { readXml, childElements, type ElementReader } from '../../../../adapters/soap/xml/read-xml.js';
import { XmlRefused } from '../../../../adapters/soap/xml/xml-refused.js';

describe('readXml', () => {
  const texts: (string | undefined)[] = [];
  beforeEach(() => {
    texts.length = 0;
  });
  const leaf: ElementReader = { leaf: (text) => void texts.push(text) };
  const read = (xml: string): readonly (string | undefined)[] => {
    readXml(xml, childElements({ ' a': childElements({ ' b': leaf, 'urn:x c': leaf }) }));
    return texts;
  };

  it('reads the elements that are wanted, by namespace, and passes over all others with what is below them', () => {
    expect(
      read(
        '<a>text<b>1</b><z><b>2</b></z><b xmlns="urn:x">3</b><c xmlns="urn:x">4</c><y:c xmlns:y="urn:x">5</y:c><b>6</b></a>',
      ),
    ).to.deep.equal(['1', '4', '5', '6']);
  });

  it('gives a whole text around comments and CDATA, and none of an element that holds elements', () => {
    expect(read('<a><b>1<!-- 2 -->3<![CDATA[4]]>5</b><b>6<z>7</z>8</b><b/></a>')).to.deep.equal([
      '1345',
      undefined,
      '',
    ]);
  });

  it('keeps a numeral by its digits', () => {
    const numerals = ['9007199254740993', '12345678901234567.89', '19.10', '-0', '080101300123', '1e5'];
    expect(read(`<a>${numerals.map((numeral) => `<b>${numeral}</b>`).join('')}</a>`)).to.deep.equal(numerals);
  });

  for (const [what, xml] of [
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['a DOCTYPE with entities', '<!DOCTYPE a [<!ENTITY x "y">]><a><b>&x;</b></a>'],
    ['an external entity', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
    ['an entity that no one declared', '<a><b>&x;</b></a>'],
    ['a processing instruction', '<a><?x y?></a>'],
    ['an element that is not closed', '<a><b>1</a>'],
    ['a prefix that is not declared', '<a><x:b/></a>'],
    ['an attribute twice', '<a x="1" x="2"/>'],
    ['two roots', '<a/><a/>'],
    ['depth beyond its limit', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`],
    ['U+0000, escaped', '<a><b>1&#0;</b></a>'],
    ['U+0000, escaped in hexadecimal', '<a><b>&#x0;</b></a>'],
    ['U+0000', '<a><b>\u0000</b></a>'],
    ['U+0000 in an attribute', '<a><b x="&#0;"/></a>'],
    ['half a character, escaped', '<a><b>&#xD800;</b></a>'],
    ['the other half, escaped in decimal', '<a><b>&#56320;</b></a>'],
    ['half a character', '<a><b>\ud800</b></a>'],
    ['a control character', '<a><b>&#x1F;</b></a>'],
    ['nothing', ''],
  ] as const) {
    it(`refuses ${what}, and says nothing of it`, () => {
      expect(() => read(xml)).to.throw(XmlRefused, /^the XML is not taken$/);
    });
  }

  it('goes as deep as its limit', () => {
    expect(() => read(`${'<a>'.repeat(64)}${'</a>'.repeat(64)}`)).to.not.throw();
  });

  it('refuses a depth that would take a recursive reader’s stack, and reads nothing below its limit', () => {
    let read = 0;
    const reader: ElementReader = { child: () => ((read += 1), reader) };
    expect(() => readXml('<a>'.repeat(300_000), reader)).to.throw(XmlRefused);
    expect(read).to.equal(64);
  });
});
