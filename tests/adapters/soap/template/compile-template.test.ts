import { expect } from 'chai';
import fc from 'fast-check';
import {
  compileTemplate,
  type Template,
  type TemplateNames,
  type TemplateValues,
} from '../../../../adapters/soap/template/compile-template.js';
import { escapeXml } from '../../../../adapters/soap/xml/escape.js';
import { embedder } from '../../../../adapters/soap/template/embed-xml.js';
import { scanXml } from '../../../../adapters/soap/xml/scanner.js';
import { codeUnit } from '../../../code-units.js';

const NAMES: TemplateNames = {
  namespaces: { p: 'urn:p', q: 'urn:q' },
  top: 'q',
  below: undefined,
  embed: embedder('text'),
};

const valuesOf = (values: Readonly<Record<string, string | readonly string[]>>): TemplateValues => ({
  one: (name) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  },
  many: (name) => {
    const value = values[name];
    return typeof value === 'object' ? value : [];
  },
});

const written = (template: Template, values = {}, names = NAMES): string =>
  compileTemplate(template, names).write(valuesOf(values));

/** Names of all elements and attributes of a text, in order. */
function structureOf(xml: string): readonly string[] {
  const names: string[] = [];
  scanXml(xml, {
    open: ({ name, attributes, declared }) =>
      names.push(
        name,
        ...declared.map(({ prefix }) => `@xmlns:${prefix}`),
        ...attributes.map((attribute) => `@${attribute.name}`),
      ),
    text: () => undefined,
    close: () => names.push('/'),
  });
  return names;
}

describe('compileTemplate', () => {
  it('writes elements, attributes and texts in their order, with the prefixes that they need', () => {
    expect(
      written(
        { ask: { '@kind': 'a<b', iin: '{iin}', 'p:more': { '@p:x': '1', '#text': 'n={n}' }, none: null } },
        { iin: '1', n: '2' },
      ),
    ).to.equal(
      '<q:ask xmlns:q="urn:q" xmlns:p="urn:p" kind="a&lt;b"><iin>1</iin><p:more p:x="1">n=2</p:more><none/></q:ask>',
    );
  });

  it('puts names without prefix where the register has them: all in a namespace, or the top only, or none', () => {
    const template = { ask: { iin: 1 } };
    expect(written(template, {}, { ...NAMES, below: 'q' })).to.equal('<q:ask xmlns:q="urn:q"><q:iin>1</q:iin></q:ask>');
    expect(written(template)).to.equal('<q:ask xmlns:q="urn:q"><iin>1</iin></q:ask>');
    expect(written(template, {}, { ...NAMES, top: undefined })).to.equal('<ask><iin>1</iin></ask>');
  });

  it('declares the prefix of a type', () => {
    const template = compileTemplate({ '@xsi:type': 'p:Ask', iin: '{iin}' }, { ...NAMES, top: undefined });
    expect(template.attributes(valuesOf({}))).to.equal(
      ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:p="urn:p" xsi:type="p:Ask"',
    );
    expect(template.write(valuesOf({ iin: '1' }))).to.equal('<iin>1</iin>');
  });

  it('repeats the element with a list, or the item of a list around it', () => {
    const iins = { iin: ['1', '2'] };
    expect(written({ ask: { iin: '{iin[]}' } }, iins)).to.include('<iin>1</iin><iin>2</iin>');
    expect(written({ ask: { person: [{ '@n': '{iin[]}', iin: '{iin[]}' }] } }, iins)).to.include(
      '<person n="1"><iin>1</iin></person><person n="2"><iin>2</iin></person>',
    );
    expect(
      written({ ask: { person: [{ iin: '{iin[]}', year: '{year[]}' }] } }, { ...iins, year: ['a', 'b'] }),
    ).to.include('<person><iin>1</iin><year>a</year></person><person><iin>2</iin><year>b</year></person>');
    expect(written({ ask: { kind: ['A', 'B'] } })).to.include('<kind>A</kind><kind>B</kind>');
    expect(written({ ask: { iin: '{iin[]}' } }, { iin: [] })).to.equal('<q:ask xmlns:q="urn:q"/>');
  });

  it('leaves out what has no value, but not the element at the top', () => {
    const template = { ask: { '@x': '{x}', period: { '@unit': 'day', from: '{from}', to: '{to}' } } };
    expect(written(template)).to.equal('<q:ask xmlns:q="urn:q"/>');
    expect(written(template, { from: '1' })).to.equal(
      '<q:ask xmlns:q="urn:q"><period unit="day"><from>1</from></period></q:ask>',
    );
    expect(written({ ask: { note: '' } })).to.equal('<q:ask xmlns:q="urn:q"><note/></q:ask>');
  });

  it('writes XML in a text, escaped or in CDATA, and no value ends either', () => {
    const template = { call: { '@a': '{a}', '#xml': { query: { 'p:n': '{a}' } } } };
    const values = { a: ']]>&' };
    const inner = '<q:query xmlns:q="urn:q" xmlns:p="urn:p"><p:n>]]&gt;&amp;</p:n></q:query>';
    const around = (text: string): string => `<q:call xmlns:q="urn:q" a="]]&gt;&amp;">${text}</q:call>`;
    expect(written(template, values)).to.equal(around(escapeXml(inner)));
    expect(written(template, values, { ...NAMES, embed: embedder('cdata') })).to.equal(around(`<![CDATA[${inner}]]>`));
    expect(embedder('cdata')('a]]>b')).to.equal('<![CDATA[a]]]]><![CDATA[>b]]>');
  });

  it('writes braces that are doubled', () => {
    expect(written({ ask: '{{{iin}}}' }, { iin: '1' })).to.include('>{1}<');
  });

  it('says what cannot be written', () => {
    for (const [template, problem] of [
      [{ 'z:ask': null }, 'no namespace has the prefix z'],
      [{ 'a b': null }, 'a b is no name of an element'],
      [{ ask: { '@1': 'x' } }, '1 is no name'],
      [{ ask: '{}' }, '{} is no placeholder'],
      [{ ask: 'a}' }, '} is no placeholder'],
      [{ ask: '{a b}' }, '{a b} is no placeholder'],
      [{ ask: { '@a': { b: 1 } } }, '@a: must be a text'],
    ] as const)
      expect(() => compileTemplate(template, NAMES), problem).to.throw(problem);
  });

  it('lets no value change the structure', () => {
    const template = compileTemplate(
      { ask: { '@a': '{a}', iin: 'x{b}y', 'p:c': [{ '@d': '{d[]}', e: '{d[]}' }] } },
      NAMES,
    );
    const filled = (a: string, b: string, d: string): string => template.write(valuesOf({ a, b, d: [d, d] }));
    const expected = structureOf(filled('a', 'b', 'd'));
    const hostile = fc.oneof(
      fc.string({ unit: codeUnit }),
      fc.constantFrom('"><x>', ']]>', '<!--', "' b='", '</iin><iin>', '&amp;', '{a}', '\u0000', '<![CDATA['),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, d) => {
        expect(structureOf(filled(a, b, d))).to.deep.equal(expected);
      }),
      { numRuns: 300 },
    );
  });
});
