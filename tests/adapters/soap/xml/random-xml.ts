import fc from 'fast-check';

/**
 * Documents that are mostly well-formed: namespaces bound again and undone, two prefixes of one namespace, references,
 * CDATA, comments, white space in tags, line ends, names and texts outside ASCII.
 */
const prefix = fc.constantFrom('', 'p:', 'q:', 'xml:', 'ә:');
const local = fc.constantFrom('a', 'b', 'lang', 'Id', 'id', 'имя', 'x-1', '_', 'a.b', '\u{10000}', 'é');
const uri = fc.constantFrom('urn:1', 'urn:2', 'urn:ә', 'urn:1', 'urn:2', 'a&amp;b');
/** These may only stand in some declarations. */
const specialUri = fc.constantFrom('http://www.w3.org/XML/1998/namespace', 'http://www.w3.org/2000/xmlns/', '');
const space = fc.constantFrom(' ', ' ', ' ', '\n', '\t ', '\r\n', '\r');
const optionalSpace = fc.constantFrom('', '', '', '', ' ', '\n', '\r');
const quote = fc.constantFrom('"', "'");
const textPiece = fc.constantFrom(
  ...['a', 'b c', 'Әйгерім', '\u{1F600}', ' ', '\n', '\r\n', '\r', '\t', '>', '"', "'", ']', ']]', '&lt;', '&amp;'],
  ...['&gt;', '&quot;', '&apos;', '&#13;', '&#xD;', '&#x9;', '&#10;', '&#x4D9;', '&#128512;', '0123456789'],
  ...['\u0085', '\u2028', '\ufffd', '\ue000', 'a long text that is copied'],
);
const text = fc.array(textPiece, { maxLength: 4 }).map((pieces) => pieces.join(''));
const comment = fc.constantFrom('<!---->', '<!-- a -->', '<!-- < & ]]> - ә \r -->');
const cdata = fc.constantFrom('<![CDATA[]]>', '<![CDATA[<&]]>', '<![CDATA[ ]] > \r\n\r ә]]>', '<![CDATA[]]]]>');
const attribute = fc
  .tuple(space, prefix, local, optionalSpace, optionalSpace, quote, text)
  .map(([before, ofName, name, left, right, mark, value]) => {
    const written = value.replaceAll(mark, '');
    return `${before}${ofName}${name}${left}=${right}${mark}${written}${mark}`;
  });
const declaration = fc
  .oneof(
    {
      weight: 15,
      arbitrary: fc.tuple(space, fc.constantFrom('xmlns', 'xmlns', 'xmlns:p', 'xmlns:q', 'xmlns:ә'), uri, quote),
    },
    { weight: 1, arbitrary: fc.tuple(space, fc.constantFrom('xmlns', 'xmlns:p', 'xmlns:xml'), specialUri, quote) },
    { weight: 2, arbitrary: fc.tuple(space, fc.constant('xmlns'), fc.constant(''), quote) },
  )
  .map(([before, name, value, mark]) => `${before}${name}=${mark}${value}${mark}`);
const attributes = fc
  .array(fc.oneof({ weight: 2, arbitrary: attribute }, { weight: 3, arbitrary: declaration }), { maxLength: 4 })
  .map((all) => all.join(''));

/** One element, which may be faulty in its names and namespaces. */
export const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  content: fc
    .array(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { weight: 3, arbitrary: text },
        { weight: 1, arbitrary: comment },
        { weight: 1, arbitrary: cdata },
        { weight: 3, arbitrary: tie('element') },
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.join('')),
  element: fc
    .tuple(prefix, local, attributes, optionalSpace, optionalSpace, fc.option(tie('content'), { depthSize: 'small' }))
    .map(([ofName, name, has, before, after, content]) =>
      content === null
        ? `<${ofName}${name}${has}${before}/>`
        : `<${ofName}${name}${has}${before}>${content}</${ofName}${name}${after}>`,
    ),
}));

/** Declarations of the prefixes that an element uses. */
export const DECLARED = ' xmlns:p="urn:1" xmlns:q="urn:2" xmlns:ә="urn:1"';

/** A document with its prefixes declared, unless `element` undoes them. */
export const document = fc
  .tuple(
    fc.constantFrom(
      '',
      '',
      '<?xml version="1.0"?>',
      '\ufeff',
      "<?xml version='1.0' encoding='UTF-8' standalone='no' ?>\r\n",
    ),
    fc.constantFrom('', '', ' \r\n', '<!-- c -->'),
    element,
    fc.constantFrom('', '', '\n', '<!---->\r'),
  )
  .map(([start, before, inner, after]) => `${start}${before}<r${DECLARED}>${inner}</r>${after}`);

/** Pieces that break documents, and characters that XML does not have. */
const breaking = fc.constantFrom(
  ...['<', '>', '&', ';', '"', "'", '/', '=', ' ', ':', '!', '?', '-', '[', ']', '#', 'x', '0', '\u0000', '\u001f'],
  ...['\ufffe', '\uffff', '\ud800', '\udc00', '\u{1F600}', '\r', '\n', 'xmlns', 'xmlns:', 'xml:', 'p:', 'xmlns:p=""'],
  ...[
    '<!--',
    '-->',
    '--',
    '<![CDATA[',
    ']]>',
    '<!DOCTYPE r>',
    '<?pi ?>',
    '<?xml version="1.0"?>',
    '</r>',
    '<r/>',
    '<a>',
  ],
  ...[
    '</a>',
    '&#0;',
    '&#xD800;',
    '&#x110000;',
    '&#X41;',
    '&#;',
    '&#x;',
    '&nbsp;',
    '&lt',
    '&;',
    'a="1"',
    ' a="1"',
    '<p:a',
  ],
  ...[
    ' xmlns:q="urn:1"',
    ' p:a="1" q:a="2"',
    '<xmlns:a/>',
    '\u0085',
    '\u00d7',
    '\u037e',
    '<1',
    '<-a/>',
    '<a:b:c/>',
    '<:a/>',
  ],
);

/** A document that was cut, and had pieces put in and characters left out. */
export const brokenDocument = fc
  .tuple(document, fc.array(fc.tuple(fc.nat(2_000), fc.nat(3), breaking), { minLength: 1, maxLength: 3 }))
  .map(([whole, changes]) => {
    let changed = whole;
    for (const [place, dropped, piece] of changes) {
      const at = place % (changed.length + 1);
      changed = changed.slice(0, at) + piece + changed.slice(at + dropped);
    }
    return changed;
  });

/** Pieces of documents in any order. */
export const soup = fc
  .array(fc.oneof(breaking, textPiece, fc.constantFrom('<r>', '</r>', '<r ', '/>', '<a', 'p', ' b=', '"')), {
    maxLength: 12,
  })
  .map((pieces) => pieces.join(''));
