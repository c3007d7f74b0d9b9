import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { SOAP, SOAP_12, WSSE, WSU, XMLDSIG } from '../../../../../adapters/soap/xml/namespaces.js';
import { canonicalText, type CanonicalForm } from '../../../../../adapters/soap/signing/canonical.js';
import { parseTree, type XmlElement } from '../../../../../adapters/soap/signing/xml-tree.js';
import { rsaPair } from '../keys.js';

/** When every message was made. */
export const NOW = new Date('2026-03-01T10:00:00Z');

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const VERSION_1_1 = 'http://www.w3.org/2006/12/xml-c14n11';
const DIGESTS = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: `${MORE}sha384`,
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
} as const;

type Hash = keyof typeof DIGESTS;
export type KeyName = 'rsa' | 'ec';

/** Keys of registers: one a process. */
export const KEYS: Readonly<Record<KeyName, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>> = {
  rsa: rsaPair('register'),
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};

/** A message with a right signature of its Body and Timestamp. */
export interface SignedMessage {
  readonly text: string;
  readonly key: KeyName;
  /** What is particular about it. */
  readonly kinds: readonly string[];
  /** The canonical Body: what its signature says. */
  readonly body: string;
}

interface FormChoice {
  /** Undefined for a Reference without a Transform, which is made canonical by the inclusive form. */
  readonly name: string | undefined;
  readonly prefixes: readonly string[];
}

function formOf({ name, prefixes }: FormChoice): CanonicalForm {
  if (name !== EXCLUSIVE) return { exclusive: false, inherited: name === VERSION_1_1 ? 'simple' : 'all', prefixes: [] };
  return { exclusive: true, inherited: 'none', prefixes: prefixes.map((one) => (one === '#default' ? '' : one)) };
}

function listOf({ name, prefixes }: FormChoice): string {
  return name === EXCLUSIVE && prefixes.length > 0
    ? `<x:InclusiveNamespaces xmlns:x="${EXCLUSIVE}" PrefixList="${prefixes.join(' ')}"/>`
    : '';
}

const ID = { Timestamp: 'T-1', Body: 'B-1' } as const;
type Part = keyof typeof ID;

interface ReferenceChoice extends FormChoice {
  readonly digest: Hash;
}

interface Choices {
  readonly key: KeyName;
  readonly hash: Hash;
  readonly info: FormChoice;
  readonly references: Readonly<Record<Part, ReferenceChoice>>;
  readonly version: '1.1' | '1.2';
  readonly prefix: string;
  readonly security: string;
  readonly around: readonly string[];
  readonly id: 'Id' | 'u:Id';
  readonly content: string;
  readonly space: string;
  readonly blocks: string;
}

/** The message with what stands for its digests and its value, which are filled in in turn. */
function messageOf(
  { key, hash, info, references, version, prefix, security, around, id, content, space, blocks }: Choices,
  digests: Readonly<Record<Part, string>>,
  value: string,
): string {
  const method = `${MORE}${key === 'rsa' ? 'rsa' : 'ecdsa'}-${hash}`;
  const reference = (part: Part): string => {
    const { digest, ...form } = references[part];
    const transforms =
      form.name === undefined
        ? ''
        : `<ds:Transforms><ds:Transform Algorithm="${form.name}">${listOf(form)}</ds:Transform></ds:Transforms>`;
    return `<ds:Reference URI="#${ID[part]}">${space}${transforms}<ds:DigestMethod Algorithm="${DIGESTS[digest]}"/><ds:DigestValue>${digests[part]}</ds:DigestValue></ds:Reference>`;
  };
  const signedInfo = `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${info.name ?? EXCLUSIVE}">${listOf(info)}</ds:CanonicalizationMethod>${space}<ds:SignatureMethod Algorithm="${method}"/>${reference('Timestamp')}${reference('Body')}</ds:SignedInfo>`;
  const signature = `<ds:Signature xmlns:ds="${XMLDSIG}">${signedInfo}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
  const time = `<u:Timestamp u:Id="${ID.Timestamp}"><u:Created>2026-03-01T15:00:00.12+05:00</u:Created>${space}<u:Expires>2026-03-01T10:05:00Z</u:Expires></u:Timestamp>`;
  const header = `<${prefix}:Header>${blocks}<${security}:Security xmlns:${security}="${WSSE}" xmlns:u="${WSU}">${time}${space}${signature}</${security}:Security></${prefix}:Header>`;
  const declared = id === 'u:Id' ? ` xmlns:u="${WSU}"` : '';
  const body = `<${prefix}:Body${declared} ${id}="${ID.Body}">${content}</${prefix}:Body>`;
  const uri = version === '1.2' ? SOAP_12 : SOAP;
  return `<${[`${prefix}:Envelope`, `xmlns:${prefix}="${uri}"`, ...around].join(' ')}>${header}${space}${body}</${prefix}:Envelope>`;
}

function signedBy(choices: Choices): { readonly text: string; readonly body: string } {
  const tree = parseTree(messageOf(choices, { Timestamp: '', Body: '' }, ''));
  const digests = { Timestamp: '', Body: '' };
  let body = '';
  for (const part of ['Timestamp', 'Body'] as const) {
    const { digest, ...form } = choices.references[part];
    const canonical = canonicalText(found(tree, part), formOf(form));
    digests[part] = createHash(digest).update(canonical).digest('base64');
    if (part === 'Body') body = canonical;
  }
  const info = found(parseTree(messageOf(choices, digests, '')), 'SignedInfo');
  const value = sign(
    choices.hash,
    Buffer.from(canonicalText(info, formOf({ ...choices.info, name: choices.info.name ?? EXCLUSIVE }))),
    {
      key: KEYS[choices.key].privateKey,
      dsaEncoding: 'ieee-p1363',
    },
  );
  return { text: messageOf(choices, digests, value.toString('base64')), body };
}

/** The first element of this local name. */
function found(element: XmlElement, local: string): XmlElement {
  const find = (one: XmlElement): XmlElement | undefined => {
    if (one.local === local) return one;
    for (const child of one.children) {
      const below = typeof child === 'string' ? undefined : find(child);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  const one = find(element);
  if (one === undefined) throw new TypeError(`there is no ${local}`);
  return one;
}

/** A piece of content, with what is particular about it. */
interface Piece {
  readonly text: string;
  readonly kinds: readonly string[];
}

const TEXTS: readonly Piece[] = [
  { text: 'text', kinds: [] },
  { text: '2026', kinds: [] },
  { text: '&lt;&amp;&gt;&quot;&apos;', kinds: ['references'] },
  { text: '&#13;&#xA;&#x9;&#x1F600;', kinds: ['references', 'CR'] },
  { text: '<![CDATA[<&>]]>', kinds: ['CDATA'] },
  { text: '<![CDATA[]]]]><![CDATA[>]]>', kinds: ['CDATA'] },
  { text: '<![CDATA[]]>', kinds: ['empty CDATA'] },
  { text: ' \r\n\t\r', kinds: ['CR'] },
  { text: '12<!-- c -->34', kinds: ['comment'] },
  { text: 'Әділ \u{10400}', kinds: ['letters'] },
  { text: ']]&gt;', kinds: ['references'] },
];
const ATTRIBUTES: readonly Piece[] = [
  { text: 'a="1"', kinds: [] },
  { text: 'B="2"', kinds: [] },
  { text: "c='&lt;>\"'", kinds: ['references'] },
  { text: 'd="\t&#9;&#10;&#13;\r\n"', kinds: ['white space in attributes'] },
  { text: 'p:a="3"', kinds: ['attribute with a prefix'] },
  { text: 'q:z="4"', kinds: ['attribute with a prefix'] },
  { text: 'xml:lang="kk"', kinds: ['xml:'] },
  { text: 'xml:space="preserve"', kinds: ['xml:'] },
  { text: 'id="other"', kinds: [] },
  { text: 'Ә="5"', kinds: ['names outside ASCII'] },
];
const DECLARATIONS: readonly Piece[] = [
  { text: 'xmlns:p="urn:1"', kinds: ['bound again'] },
  { text: 'xmlns:q="urn:1"', kinds: ['bound again', 'two prefixes of one namespace'] },
  { text: 'xmlns:P="urn:0"', kinds: ['upper-case prefix'] },
  { text: 'xmlns="urn:3"', kinds: ['default namespace'] },
  // Not to `&`, which libxml2 2.9 writes as it is into the canonical form.
  { text: 'xmlns:r="urn:&#x41;"', kinds: ['reference in a namespace'] },
];

/** Kinds of declarations on which xml-crypto agrees. */
const WIDESPREAD_KINDS = ['default namespace', 'reference in a namespace'];

function element(depth: number, style: Pick<Style, 'declarations' | 'names'>): fc.Arbitrary<Piece> {
  const text = fc.constantFrom(...TEXTS);
  return fc
    .record({
      prefix: fc.constantFrom('', '', ...style.names),
      local: fc.constantFrom('e', 'e', 'f', 'е'),
      declared: fc.subarray([...style.declarations]),
      undone: fc.boolean(),
      attributes: fc.shuffledSubarray([...ATTRIBUTES], { maxLength: 4 }),
      children: fc.array(depth === 0 ? text : fc.oneof(element(depth - 1, style), text), { maxLength: 3 }),
    })
    .map(({ prefix, local, declared, undone, attributes, children }): Piece => {
      const name = prefix === '' ? local : `${prefix}:${local}`;
      const binds = declared.length === 0 && undone ? [{ text: 'xmlns=""', kinds: ['default undone'] }] : declared;
      const all = [...binds, ...attributes];
      const inner = children.map((one) => one.text).join('');
      const start = `<${[name, ...all.map((one) => one.text)].join(' ')}`;
      return {
        text: inner === '' ? `${start}/>` : `${start}>${inner}</${name}>`,
        kinds: [
          ...all.flatMap((one) => one.kinds),
          ...children.flatMap((one) => one.kinds),
          ...(local === 'е' ? ['names outside ASCII'] : []),
        ],
      };
    });
}

const AROUND = [
  'xmlns="urn:around"',
  'xmlns:r="urn:around"',
  'xml:lang="ru"',
  'xml:space="preserve"',
  'xml:id="_e"',
] as const;
const ALWAYS = ['xmlns:p="urn:p"', 'xmlns:q="urn:q"', 'xmlns:P="urn:P"'] as const;

/** What the messages of a style may choose from. */
interface Style {
  readonly keys: readonly KeyName[];
  readonly hashes: readonly Hash[];
  readonly forms: readonly (string | undefined)[];
  readonly prefixes: readonly string[];
  readonly declarations: readonly Piece[];
  /** Prefixes of elements. */
  readonly names: readonly string[];
}

/** What a stack may send, and this gateway takes. */
const ANY: Style = {
  keys: ['rsa', 'rsa', 'ec'],
  hashes: ['sha256', 'sha256', 'sha384', 'sha512'],
  forms: [EXCLUSIVE, EXCLUSIVE, INCLUSIVE, VERSION_1_1],
  prefixes: ['p', 'q', 'r', '#default', 'unbound'],
  declarations: DECLARATIONS,
  names: ['p', 'q', 'P'],
};

/**
 * What xml-crypto 6.3 takes, too. It has no ECDSA, no SHA-384 and no Canonical XML 1.1. Its other canonical forms differ
 * from the specification where xml-crypto finds a prefix among those written before, although that was bound to another
 * namespace since; where prefixes differ in case; in attributes of XML that an inclusive form inherits; and in prefix
 * lists of which one is `#default` or not declared around.
 */
const WIDESPREAD: Style = {
  keys: ['rsa'],
  hashes: ['sha256', 'sha256', 'sha512'],
  forms: [EXCLUSIVE],
  prefixes: [],
  declarations: DECLARATIONS.filter(({ kinds }) => kinds.some((kind) => WIDESPREAD_KINDS.includes(kind))),
  names: ['p', 'q'],
};

function form({ forms, prefixes }: Style): fc.Arbitrary<FormChoice> {
  return fc.record({
    name: fc.constantFrom(...forms),
    prefixes: fc.oneof(fc.constant([]), fc.subarray([...prefixes])),
  });
}

function choicesOf(style: Style): fc.Arbitrary<Omit<Choices, 'content'> & { readonly pieces: readonly Piece[] }> {
  const hash = fc.constantFrom(...style.hashes);
  const reference = fc
    .tuple(form({ ...style, forms: style.forms.length > 1 ? [...style.forms, undefined] : style.forms }), hash)
    .map(([one, digest]): ReferenceChoice => ({ ...one, digest }));
  return fc.record({
    key: fc.constantFrom(...style.keys),
    hash,
    info: form(style),
    references: fc.record({ Timestamp: reference, Body: reference }),
    version: fc.constantFrom<'1.1' | '1.2'>('1.1', '1.2'),
    prefix: fc.constantFrom('s', 'SOAP-ENV', 'x'),
    security: fc.constantFrom('wsse', 'o'),
    around: fc.shuffledSubarray([...AROUND], { maxLength: 3 }),
    id: fc.constantFrom<'Id' | 'u:Id'>('Id', 'u:Id'),
    pieces: fc.array(element(3, style), { maxLength: 3 }),
    space: fc.constantFrom('', '', '\n', '\r\n  '),
    blocks: fc.constantFrom('', '<h:block xmlns:h="urn:h" id="1">b</h:block>'),
  });
}

/** Messages with a right signature, in the styles that stacks send, and in others that are allowed. */
export function signedMessages(style: 'any' | 'widespread'): fc.Arbitrary<SignedMessage> {
  return choicesOf(style === 'any' ? ANY : WIDESPREAD)
    .map(({ pieces, ...choices }): SignedMessage | undefined => {
      const content = `<marked>marked</marked><number>12</number>${pieces.map((one) => one.text).join('')}`;
      const all = { ...choices, around: [...ALWAYS, ...choices.around], content };
      const kinds = new Set([...pieces.flatMap((one) => one.kinds), ...kindsOf(choices)]);
      try {
        return { ...signedBy(all), key: choices.key, kinds: [...kinds] };
      } catch {
        // One attribute came twice, by two prefixes of one namespace.
        return undefined;
      }
    })
    .filter((message) => message !== undefined);
}

function kindsOf({ key, hash, info, references, around, space }: Omit<Choices, 'content'>): readonly string[] {
  const of = Object.values(references);
  const forms = [info, ...of];
  const found: Readonly<Record<string, boolean>> = {
    ECDSA: key === 'ec',
    'SHA-384': [hash, ...of.map(({ digest }) => digest)].includes('sha384'),
    'Canonical XML 1.0': forms.some(({ name }) => name === INCLUSIVE),
    'Canonical XML 1.1': forms.some(({ name }) => name === VERSION_1_1),
    'no Transform': of.some(({ name }) => name === undefined),
    'PrefixList of a Transform': of.some((one) => listOf(one) !== ''),
    'PrefixList of CanonicalizationMethod': listOf(info) !== '',
    '#default in a PrefixList': forms.some((one) => listOf(one).includes('#default')),
    'xml: around': around.some((one) => one.startsWith('xml:')),
    'default namespace': around.some((one) => one.startsWith('xmlns=')),
    'CR between elements': space.includes('\r'),
  };
  return Object.keys(found).filter((kind) => found[kind]);
}
