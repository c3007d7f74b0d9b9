import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalText, isRelative } from '../../../../adapters/soap/signing/canonical.js';
import { envelopeParts } from '../../../../adapters/soap/signing/envelope.js';
import { readUnsigned, type UnsignedEnvelope } from '../../../../adapters/soap/signing/unsigned-envelope.js';
import { parseTree, type XmlElement } from '../../../../adapters/soap/signing/xml-tree.js';
import { compileTemplate, type Template } from '../../../../adapters/soap/template/compile-template.js';
import { embedder } from '../../../../adapters/soap/template/embed-xml.js';
import { writeEnvelope } from '../../../../adapters/soap/write-envelope.js';
import { SOAP, WSU } from '../../../../adapters/soap/xml/namespaces.js';

const RUNS = { numRuns: Number(process.env['ENVELOPES'] ?? 500), seed: Number(process.env['SEED'] ?? 11) };

/** What a tree and its canonical form say of an envelope. Undefined for what they refuse. */
function byTree(text: string): UnsignedEnvelope | undefined {
  try {
    const envelope = parseTree(text);
    const { header, body } = envelopeParts(envelope);
    if (hasRelativeName(envelope)) return undefined;
    const isPlain = [envelope, body].every(({ prefix, declared }) =>
      [prefix, ...declared.map((one) => one.prefix)].every((one) => one !== 'wsu' && one !== 'wsse'),
    );
    if (envelope.prefix === '' || !isPlain || body.attributes.length > 0 || header?.children.length === 0)
      return undefined;
    const id = { name: 'wsu:Id', prefix: 'wsu', local: 'Id', uri: WSU, value: 'Body' };
    const withId = { ...body, declared: [...body.declared, { prefix: 'wsu', uri: WSU }], attributes: [id] };
    return {
      prefix: envelope.prefix,
      uri: envelope.uri,
      envelopeStart: envelope.tagEnd,
      headerStart: header?.tagEnd,
      bodyName: body.nameEnd,
      signedBody: canonicalText(withId, { exclusive: true, inherited: 'none', prefixes: [] }),
    };
  } catch {
    return undefined;
  }
}

function hasRelativeName({ declared, children }: XmlElement): boolean {
  return declared.some(isRelative) || children.some((child) => typeof child !== 'string' && hasRelativeName(child));
}

/** What is signed of it. */
function read(text: string): UnsignedEnvelope | undefined {
  try {
    return readUnsigned(text);
  } catch {
    return undefined;
  }
}

const namespaces = fc.dictionary(
  fc.constantFrom('p', 'q', 'r', 'soap', 'wsu', 'z'),
  fc.constantFrom('urn:1', 'urn:2', 'http://example.test/a?b&c', SOAP),
  { maxKeys: 6 },
);

/** What a template may say, in text that no one would choose. */
const value = fc.oneof(
  fc.constantFrom('', 'text', '<&>"\'', ' \r\n\t', ']]>', 'Әділ 𐍈', '\ud800', '\u0001', '{{', '&amp;', '\ufffe'),
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.replaceAll(/[{}]/g, '')),
);

function templates(prefixes: readonly string[]): fc.Arbitrary<Template> {
  const name = fc
    .tuple(fc.constantFrom('', ...prefixes.map((one) => `${one}:`)), fc.constantFrom('a', 'b', 'c-d', 'Body', 'Header'))
    .map((parts) => parts.join(''));
  const attribute = fc.oneof(
    name.map((one) => `@${one}`),
    fc.constantFrom('@xsi:nil', '@xml:lang', '@id', '@Id'),
  );
  const text = fc.oneof(value, fc.constantFrom('{one}', 'a{two}b', '{absent}', '{many[]}'));
  const { content } = fc.letrec<{ content: unknown; element: Record<string, unknown> }>((tie) => ({
    content: fc.oneof({ maxDepth: 4 }, text, fc.constant(null), tie('element'), fc.array(text, { maxLength: 3 })),
    element: fc
      .tuple(fc.dictionary(attribute, text, { maxKeys: 3 }), fc.dictionary(name, tie('content'), { maxKeys: 3 }))
      .map(([attributes, elements]) => ({ ...attributes, ...elements })),
  }));
  const inText = fc.dictionary(name, content, { minKeys: 1, maxKeys: 2 }).map((elements) => ({ '#xml': elements }));
  return fc.dictionary(name, fc.oneof({ weight: 4, arbitrary: content }, { weight: 1, arbitrary: inText }), {
    minKeys: 1,
    maxKeys: 3,
  });
}

/** Envelopes as profiles write them. */
const envelope = namespaces.chain((bound) => {
  const prefixes = Object.keys(bound);
  const prefix = fc.option(fc.constantFrom(...(prefixes.length > 0 ? prefixes : [undefined])), { nil: undefined });
  return fc
    .record({
      top: prefix,
      below: prefix,
      data: fc.constantFrom('text' as const, 'cdata' as const),
      body: templates(prefixes),
      header: fc.option(templates(prefixes), { nil: {} }),
      version: fc.constantFrom('1.1' as const, '1.2' as const),
      values: fc.record({ one: value, two: value, many: fc.array(value, { maxLength: 3 }) }),
      around: fc.constantFrom('', 'urn:around'),
    })
    .map(({ top, below, data, body, header, version, values, around }) => {
      const names = { namespaces: bound, top, below, embed: embedder(data) };
      const filled = {
        one: (name: string) => (name === 'absent' || name === 'many' ? undefined : values[name as 'one' | 'two']),
        many: () => values.many,
      };
      const content = compileTemplate(body, names).write(filled);
      return writeEnvelope(
        {
          header: compileTemplate(header, names).write(filled),
          body: around === '' ? content : `<w:x xmlns:w="${around}"><x>${content}</x></w:x>`,
        },
        version,
      );
    });
});

describe('an envelope that is to be signed', function () {
  this.timeout(600_000);
  it('is, of every template and value, what a tree and its canonical form say', () => {
    let taken = 0;
    fc.assert(
      fc.property(envelope, (text) => {
        const found = read(text);
        expect(found).to.deep.equal(byTree(text));
        taken += found === undefined ? 0 : 1;
      }),
      RUNS,
    );
    // Some templates have one attribute twice, by two prefixes.
    expect(taken).to.be.greaterThan(RUNS.numRuns * 0.8);
  });

  it('is refused or read as a tree says after any edit', () => {
    const pieces = [
      ...['<', '>', '/', '&', '"', "'", ' ', '\n', '\r', ']]>', '<!--c-->', '<?p?>', '<![CDATA[', '<!DOCTYPE a>'],
      ...['&#13;', '&#0;', '&#xd800;', '&#x110000;', '&lt', '&other;', '\u0001', '\ud800', '\ufeff', 'Ә', ':', '='],
      ...[' xmlns="urn:d"', ' xmlns=""', ' xmlns:p=""', ' xmlns:p="urn:p"', ' xmlns:xml="urn:x"', ' xmlns:xmlns="a"'],
      ...[
        ' xmlns:q="relative"',
        ' xmlns:q="urn:&amp;"',
        ' a="1"',
        ' p:a="1"',
        ' wsu:Id="Body"',
        ' xml:lang="kk"',
        '<soap:Body>',
        '<p:a/>',
      ],
      ...['<soap:Header>', '</soap:Body>', "<a b='c'/>", '<wsu:a/>', '<a\n/>', '<a b="&#9;&#10;\t"/>', '<x:y/>'],
    ];
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...pieces)), { minLength: 1, maxLength: 3 });
    let taken = 0;
    fc.assert(
      fc.property(envelope, edits, (text, all) => {
        let changed = text;
        for (const [place, length, piece] of all) {
          const at = place % (changed.length + 1);
          changed = changed.slice(0, at) + piece + changed.slice(at + length);
        }
        const found = read(changed);
        expect(found).to.deep.equal(byTree(changed));
        taken += found === undefined ? 0 : 1;
      }),
      { ...RUNS, numRuns: RUNS.numRuns * 2 },
    );
    expect(taken).to.be.greaterThan(RUNS.numRuns / 20);
  });

  it('is none in which a prefix would change its meaning', () => {
    for (const [prefix, declared] of [
      ['wsu', ''],
      ['wsse', ''],
      ['s', ' xmlns:wsu="urn:other"'],
    ] as const)
      expect(() =>
        readUnsigned(
          `<${prefix}:Envelope xmlns:${prefix}="${SOAP}"${declared}><${prefix}:Body><a/></${prefix}:Body></${prefix}:Envelope>`,
        ),
      ).to.throw('no envelope of a template');
  });
});
