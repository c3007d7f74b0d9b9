import fc from 'fast-check';
import { WSU } from '../../../../../adapters/soap/xml/namespaces.js';

/** One thing that someone on the way did to a message, without a key. */
interface Change {
  readonly kind: string;
  /** Two numbers choose the place. Returns the message unchanged where there is none. */
  readonly apply: (message: string, one: number, other: number) => string;
}

const TAG = /<[^\s!?/>&]+(?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*\/?>/g;
const ATTRIBUTE = /\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')/g;
/** Texts, but not the value of the signature. */
const TEXT = /(?<!SignatureValue)>([^<>&]+)</g;

function pick(message: string, pattern: RegExp, number: number): RegExpExecArray | undefined {
  const all = [...message.matchAll(pattern)];
  return all[number % Math.max(all.length, 1)];
}

function replaced(message: string, match: RegExpExecArray | undefined, text: (matched: string) => string): string {
  if (match === undefined) return message;
  return message.slice(0, match.index) + text(match[0]) + message.slice(match.index + match[0].length);
}

/** Changes one letter of a text, somewhere. */
function inText(message: string, one: number, other: number, text: (letter: string) => string): string {
  const match = pick(message, TEXT, one);
  const inner = match?.[1] ?? '';
  const at = other % Math.max(inner.length, 1);
  // A character of two units stays whole, and so does a line end.
  if (/[\ud800-\udfff\r]/.test(inner)) return message;
  return replaced(message, match, () => `>${inner.slice(0, at)}${text(inner.charAt(at))}${inner.slice(at + 1)}<`);
}

function inTag(message: string, one: number, insert: (tag: string) => string): string {
  return replaced(message, pick(message, TAG, one), insert);
}

/** Puts an attribute into a tag. */
function withAttribute(attribute: string): Change['apply'] {
  return (message, one) => inTag(message, one, (tag) => tag.replace(/^<[^\s/>]+/, (name) => `${name} ${attribute}`));
}

function attributesIn(tag: string): readonly string[] {
  return tag.match(ATTRIBUTE) ?? [];
}

/** Says the same in other words: the canonical form stays as it was, as long as it is not a number or digest. */
const REWORDINGS: readonly Change[] = [
  {
    kind: 'attributes in another order',
    apply: (message, one) =>
      inTag(message, one, (tag) => {
        const all = attributesIn(tag);
        return tag.replace(all.join(''), () => all.toReversed().join(''));
      }),
  },
  {
    kind: 'other quotes',
    apply: (message, one) =>
      inTag(message, one, (tag) =>
        tag.replace(ATTRIBUTE, (attribute) => attribute.replace(/"([^"']*)"$/, (_, value: string) => `'${value}'`)),
      ),
  },
  {
    kind: 'a reference for a letter',
    apply: (message, one, other) =>
      inText(
        message,
        one,
        other,
        (letter) =>
          `&#${other % 2 === 0 ? 'x' : ''}${(letter.codePointAt(0) ?? 0).toString(other % 2 === 0 ? 16 : 10)};`,
      ),
  },
  {
    kind: 'CDATA for a letter',
    apply: (message, one, other) => inText(message, one, other, (letter) => `<![CDATA[${letter}]]>`),
  },
  {
    kind: 'a comment in a text',
    apply: (message, one, other) => inText(message, one, other, (letter) => `${letter}<!-- c -->`),
  },
  {
    kind: 'white space in a tag',
    apply: (message, one) => inTag(message, one, (tag) => tag.replace(/\s*(\/?>)$/, '\n\t $1')),
  },
  {
    kind: 'an end tag for an empty element',
    apply: (message, one) =>
      replaced(message, pick(message, /<([^\s!?/>]+)((?:\s[^<>]*)?)\/>/g, one), (tag) =>
        tag.replace(/^<(\S+?)(\s.*)?\/>$/s, (_, name: string, rest = '') => `<${name}${rest as string}></${name}>`),
      ),
  },
  { kind: 'a namespace that no one uses', apply: withAttribute('xmlns:unused="urn:unused"') },
  {
    kind: 'a declaration of XML',
    apply: (message) => (message.startsWith('<?') ? message : `<?xml version="1.0" encoding="UTF-8"?>\r\n${message}`),
  },
  { kind: 'comments around', apply: (message) => `${message}<!-- c -->\n` },
  { kind: 'CRLF for LF', apply: (message) => message.replaceAll(/\r?\n/g, '\r\n') },
  {
    kind: 'white space in the value',
    apply: (message) => message.replace(/(SignatureValue>)([^&]{20})/, '$1\n $2&#13;\n'),
  },
];

/** The value of a signature in pieces, which xml-crypto does not take. */
const VALUES: readonly Change[] = ['<!-- c -->', '<![CDATA[]]>'].map((piece): Change => ({
  kind: `the value across ${piece}`,
  apply: (message) => message.replace(/(SignatureValue>[^<]{20})/, `$1${piece}`),
}));

/** Changes what was signed, or how it is found. */
const FORGERIES: readonly Change[] = [
  {
    kind: 'another letter',
    apply: (message, one, other) => inText(message, one, other, (letter) => (letter === 'x' ? 'y' : 'x')),
  },
  {
    kind: 'a bit',
    apply: (message, one, other) => {
      const at = one % message.length;
      return (
        message.slice(0, at) + String.fromCharCode(message.charCodeAt(at) ^ (1 << (other % 8))) + message.slice(at + 1)
      );
    },
  },
  { kind: 'an attribute more', apply: withAttribute('more="1"') },
  {
    kind: 'an attribute less',
    apply: (message, one) => inTag(message, one, (tag) => tag.replace(attributesIn(tag)[0] ?? '\0', '')),
  },
  {
    kind: 'an attribute twice',
    apply: (message, one) => inTag(message, one, (tag) => tag.replace(/\s*(\/?>)$/, `${attributesIn(tag)[0] ?? ''}$1`)),
  },
  { kind: 'an attribute twice by two prefixes', apply: withAttribute('xmlns:v="urn:v" xmlns:w="urn:v" v:a="" w:a=""') },
  {
    kind: 'a namespace bound to another',
    apply: (message, one) =>
      replaced(message, pick(message, /xmlns:\w+="[^"]*"/g, one), (text) => text.replace(/"$/, '/x"')),
  },
  { kind: 'a default namespace more', apply: withAttribute('xmlns="urn:more"') },
  { kind: 'a default namespace undone', apply: withAttribute('xmlns=""') },
  { kind: 'a prefix undone', apply: withAttribute('xmlns:p=""') },
  { kind: 'a relative namespace', apply: withAttribute('xmlns:rel="relative" rel:a="1"') },
  { kind: 'a namespace with references', apply: withAttribute('xmlns:ref="urn:a?b&amp;c" ref:a="1"') },
  { kind: 'a reserved prefix', apply: withAttribute('xmlns:xmlns="urn:x"') },
  {
    kind: 'another prefix',
    apply: (message, one) => replaced(message, pick(message, /<\/?p:/g, one), (text) => text.replace('p', 'q')),
  },
  { kind: 'xml:lang', apply: withAttribute('xml:lang="en"') },
  { kind: 'xml:base', apply: withAttribute('xml:base="http://example.test/"') },
  { kind: 'no name', apply: (message, one) => inTag(message, one, (tag) => tag.replace(/^</, '<-')) },
  {
    kind: 'a colon more in a name',
    apply: (message, one) => inTag(message, one, (tag) => tag.replace(/^<([^\s/>]+)/, '<$1:x')),
  },
  ...[
    ']]>',
    '\u0001',
    '\ufffe',
    '\ud800',
    '&',
    '&lt',
    '&other;',
    '&#0;',
    '&#xD800;',
    '&#x110000;',
    '<',
    '<!--a--b-->',
    '<?pi?>',
    '<!DOCTYPE a>',
    '<!DOCTYPE a [<!ENTITY e "x">]>',
    '<![CDATA[',
    '\ufeff',
  ].map((piece): Change => ({
    kind: `a piece ${JSON.stringify(piece)}`,
    apply: (message, one, other) => inText(message, one, other, (letter) => letter + piece),
  })),
  { kind: 'a DOCTYPE before', apply: (message) => `<!DOCTYPE e>${message.replace(/^<\?.*?\?>/, '')}` },
  { kind: 'an instruction before', apply: (message) => `<?pi?>${message.replace(/^<\?.*?\?>/, '')}` },
  { kind: 'a text behind', apply: (message) => `${message}x` },
  { kind: 'a second root', apply: (message) => message + message },
  { kind: 'an end cut off', apply: (message, one) => message.slice(0, -1 - (one % 100)) },
  ...['Id', 'ID', 'id', 'iD', 'xml:id'].flatMap((name) =>
    (['B-1', 'T-1'] as const).map((id): Change => ({
      kind: `the Id again as ${name}`,
      apply: withAttribute(`${name}="${id}"`),
    })),
  ),
  { kind: 'the Id again as wsu:Id', apply: withAttribute(`xmlns:again="${WSU}" again:Id="B-1"`) },
  { kind: 'the Id under another spelling', apply: (message) => message.replace(/\b(u:)?Id="B-1"/, 'ID="B-1"') },
  {
    kind: 'the Id in a namespace',
    apply: (message) => message.replace(/ (u:)?Id="B-1"/, ' xmlns:n="urn:n" n:Id="B-1"'),
  },
  { kind: 'another Reference', apply: (message) => message.replace('URI="#B-1"', 'URI="#T-1"') },
  { kind: 'a Reference to all', apply: (message) => message.replace('URI="#B-1"', 'URI=""') },
  {
    kind: 'a Reference less',
    apply: (message) => message.replace(/<ds:Reference URI="#B-1">.*?<\/ds:Reference>/s, ''),
  },
  { kind: 'another algorithm', apply: (message) => message.replaceAll('sha256', 'sha1') },
  { kind: 'no algorithm', apply: (message) => message.replace(/<ds:SignatureMethod[^>]*>/, '') },
  {
    kind: 'a second Body',
    apply: (message) =>
      message.replace(/(<(\S+):Body[ >].*<\/\2:Body>)/s, (body) => body + body.replaceAll(/ (u:)?Id="B-1"/g, '')),
  },
  {
    kind: 'a second Signature',
    apply: (message) => message.replace(/<ds:Signature .*<\/ds:Signature>/s, (one) => one + one),
  },
  { kind: 'no Signature', apply: (message) => message.replace(/<ds:Signature .*<\/ds:Signature>/s, '') },
  { kind: 'no Timestamp', apply: (message) => message.replace(/<u:Timestamp.*<\/u:Timestamp>/s, '') },
  { kind: 'another time', apply: (message) => message.replace('2026-03-01T15', '2026-03-01T16') },
];

interface Parts {
  readonly prefix: string;
  readonly body: string;
}

/** The signed Body, as the message has it. */
function partsOf(message: string): Parts {
  const [body = '', prefix = ''] = /<([^\s:<>]+):Body\b.*<\/\1:Body>/s.exec(message) ?? [];
  return { prefix, body };
}

/** Where a signed Body can be put so that its signature still holds, and another one be read. */
const PLACES: Readonly<Record<string, (message: string, hidden: string) => string>> = {
  'the Header, first': (message, hidden) => message.replace(/:Header>/, (start) => start + hidden),
  'the Header, last': (message, hidden) => message.replace(/<\/([^\s:<>]+):Header>/, (end) => hidden + end),
  'the Security header': (message, hidden) => message.replace(/<\/([^\s:<>]+):Security>/, (end) => hidden + end),
  'the Signature, as an Object': (message, hidden) =>
    message.replace('</ds:Signature>', (end) => `<ds:Object>${hidden}</ds:Object>${end}`),
  KeyInfo: (message, hidden) => message.replace('</ds:Signature>', (end) => `<ds:KeyInfo>${hidden}</ds:KeyInfo>${end}`),
  'the Envelope, before the Header': (message, hidden) =>
    message.replace(/<([^\s:<>]+):Header>/, (start) => hidden + start),
  'the Envelope, behind the Body': (message, hidden) =>
    message.replace(/<\/([^\s:<>]+):Envelope>/, (end) => hidden + end),
  'the forged Body': (message, hidden) => message.replace(/<\/([^\s:<>]+):Body>(?!.*:Body>)/s, (end) => hidden + end),
  'an Envelope within the forged Body': (message, hidden) =>
    message.replace(
      /<\/([^\s:<>]+):Body>(?!.*:Body>)/s,
      (end, prefix: string) => `<${prefix}:Envelope>${hidden}</${prefix}:Envelope>${end}`,
    ),
};

/** Puts another Body in the place of the signed one, which goes elsewhere. */
const WRAPPINGS: readonly Change[] = Object.entries(PLACES).flatMap(([place, put]) =>
  ['none', 'the same', 'ID', 'xml:id', 'wsu:Id'].map((id): Change => ({
    kind: `wrapped in ${place}, forged Id: ${id}`,
    apply: (message, one) => {
      const { prefix, body } = partsOf(message);
      if (body === '') return message;
      const spelled = {
        none: '',
        'the same': ' Id="B-1"',
        ID: ' ID="B-1"',
        'xml:id': ' xml:id="B-1"',
        'wsu:Id': ` xmlns:w="${WSU}" w:Id="B-1"`,
      };
      const forged = `<${prefix}:Body${spelled[id as keyof typeof spelled]}><marked>forged</marked></${prefix}:Body>`;
      const hidden = one % 2 === 0 ? body : `<wrap>${body}</wrap>`;
      return put(
        message.replace(body, () => forged),
        hidden,
      );
    },
  })),
);

/** What happened to a message on its way. */
export interface Journey {
  readonly kinds: readonly string[];
  /** Whether it only says the same in other words. */
  readonly isReworded: boolean;
  readonly apply: (message: string) => string;
}

/** Most messages are forged or wrapped. */
export function journeys(style: 'any' | 'widespread'): fc.Arbitrary<Journey> {
  const rewordings = style === 'any' ? [...REWORDINGS, ...VALUES] : REWORDINGS;
  return fc
    .record({
      reworded: fc.shuffledSubarray([...rewordings], { maxLength: 3 }),
      forged: fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        { weight: 3, arbitrary: fc.array(fc.constantFrom(...FORGERIES), { minLength: 1, maxLength: 2 }) },
        { weight: 2, arbitrary: fc.constantFrom(...WRAPPINGS).map((one) => [one]) },
      ),
      places: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 5, maxLength: 5 }),
    })
    .map(({ reworded, forged, places }) => {
      const all = [...forged, ...reworded];
      return {
        kinds: all.map(({ kind }) => kind),
        isReworded: forged.length === 0,
        apply: (message) => all.reduce((text, { apply }, at) => apply(text, ...(places[at] ?? [0, 0])), message),
      };
    });
}
