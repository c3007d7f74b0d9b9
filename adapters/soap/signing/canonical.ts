import type { XmlAttribute, XmlDeclaration, XmlEvents, XmlTag } from '../xml/tag.js';
import { replay, type XmlElement } from './xml-tree.js';

/** How an element is made canonical. */
export interface CanonicalForm {
  /** Exclusive (RFC 3741): only the namespaces that names use. Else all that are declared around (RFC 3076). */
  readonly exclusive: boolean;
  /**
   * Attributes of XML itself that the element takes from those around it: all of them (Canonical XML 1.0, 2.4), or
   * `xml:lang` and `xml:space` (1.1).
   */
  readonly inherited: 'all' | 'simple' | 'none';
  /** Prefixes that an exclusive form treats like an inclusive one; '' is the default namespace. */
  readonly prefixes: readonly string[];
}

const XML = 'http://www.w3.org/XML/1998/namespace';
const SIMPLE = ['lang', 'space'];
const NONE: readonly never[] = Object.freeze([]);
/** Texts are handed on in parts of about this many characters. */
const PART = 32_768;

/**
 * Returns the canonical form of an element and all below it, without comments. Throws for a relative name of a namespace
 * (RFC 3076, 1.3), and for `xml:base` in Canonical XML 1.1, which would have to be put together.
 */
export function canonicalText(apex: XmlElement, form: CanonicalForm): string {
  let text = '';
  replay(apex, new CanonicalEvents('', form, apex.parent, (part) => (text += part)));
  return text;
}

/**
 * Writes the canonical form of one element, whose content it gets, as `canonicalText` returns it. What is canonical
 * in the message already is taken from there as a whole. `around` is the parent of the element. Gives parts to `write`,
 * and has given all when the element ends.
 */
export class CanonicalEvents implements XmlEvents {
  readonly #xml: string;
  readonly #form: CanonicalForm;
  readonly #around: XmlElement | undefined;
  readonly #write: (part: string) => void;
  /** The prefixes of the form. A message can list thousands. */
  readonly #listed: ReadonlySet<string>;
  /** Namespaces that are declared where the message is read. */
  readonly #scope: Prefixes;
  /** Namespaces that the canonical text declares there. */
  readonly #rendered = new Prefixes();
  #depth = 0;
  #text = '';
  /** What of the message comes after `#text`. */
  #from = 0;
  #to = 0;

  constructor(xml: string, form: CanonicalForm, around: XmlElement | undefined, write: (part: string) => void) {
    this.#xml = xml;
    this.#form = form;
    this.#around = around;
    this.#write = write;
    this.#listed = new Set(form.prefixes);
    this.#scope = scopeIn(around);
  }

  open(tag: XmlTag, from: number, to: number): void {
    const { name, prefix, uri, attributes, declared } = tag;
    const isApex = this.#depth === 0;
    this.#depth += 1;
    const addsNone =
      declared.length === 0 &&
      attributes.length === 0 &&
      !isApex &&
      (!this.#form.exclusive || this.#rendered.get(prefix) === uri);
    this.#scope.enter(declared);
    if (!addsNone) this.#add(this.#startTag(tag, isApex));
    else {
      this.#rendered.enter(NONE);
      if (to - from === name.length + 2) this.#take(from, to);
      else this.#add(`<${name}>`);
    }
  }

  text(from: number, to: number, value: string | undefined): void {
    if (value === undefined) this.#take(from, to);
    else this.#add(contentText(value));
  }

  close({ name }: XmlTag, from: number, to: number): void {
    this.#scope.leave();
    this.#rendered.leave();
    this.#depth -= 1;
    if (to - from === name.length + 3) this.#take(from, to);
    else this.#add(`</${name}>`);
    if (this.#depth === 0) this.#flush();
  }

  #startTag(tag: XmlTag, isApex: boolean): string {
    const { name } = tag;
    const added = this.#candidates(tag, isApex)
      .filter(({ prefix, uri }) => prefix !== 'xml' && this.#rendered.get(prefix) !== uri)
      .sort((one, other) => compare(one.prefix, other.prefix));
    this.#rendered.enter(added);
    const inherited = isApex ? inheritedAttributes(tag, this.#around, this.#form) : NONE;
    const attributes = [...tag.attributes, ...inherited].sort(
      (one, other) => compare(one.uri, other.uri) || compare(one.local, other.local),
    );
    let text = `<${name}`;
    for (const { prefix, uri } of added) text += declaration(prefix, uri);
    for (const attribute of attributes) text += ` ${attribute.name}="${attributeText(attribute.value)}"`;
    return `${text}>`;
  }

  /** Namespaces that this element may have to declare, each once. */
  #candidates(tag: XmlTag, isApex: boolean): XmlDeclaration[] {
    if (!this.#form.exclusive) return isApex ? this.#scope.all() : [...tag.declared];
    const used = new Map([[tag.prefix, tag.uri]]);
    // A default namespace is used by names of elements only.
    for (const { prefix, uri } of tag.attributes) if (prefix !== '') used.set(prefix, uri);
    // Below the apex, a listed prefix stands for what the canonical text declares already, unless this tag declares it.
    if (isApex) for (const prefix of this.#listed) used.set(prefix, this.#scope.get(prefix));
    else for (const { prefix, uri } of tag.declared) if (this.#listed.has(prefix)) used.set(prefix, uri);
    return [...used].map(([prefix, uri]) => ({ prefix, uri }));
  }

  #take(from: number, to: number): void {
    if (from !== this.#to) {
      this.#add('');
      this.#from = from;
    }
    this.#to = to;
  }

  #add(text: string): void {
    if (this.#to > this.#from) this.#text += this.#xml.slice(this.#from, this.#to);
    this.#from = this.#to;
    this.#text += text;
    if (this.#text.length > PART) this.#flush();
  }

  #flush(): void {
    if (this.#to > this.#from) this.#text += this.#xml.slice(this.#from, this.#to);
    this.#from = this.#to;
    this.#write(this.#text);
    this.#text = '';
  }
}

/** Namespaces by prefix, as they change from element to element. '' is none. */
class Prefixes {
  readonly #uris = new Map<string, string>();
  /** What each open element replaced. */
  readonly #replaced: (readonly XmlDeclaration[])[] = [];

  get(prefix: string): string {
    return this.#uris.get(prefix) ?? '';
  }

  all(): XmlDeclaration[] {
    return [...this.#uris].map(([prefix, uri]) => ({ prefix, uri }));
  }

  enter(declared: readonly XmlDeclaration[]): void {
    this.#replaced.push(
      declared.length === 0 ? NONE : declared.map(({ prefix }) => ({ prefix, uri: this.get(prefix) })),
    );
    for (const { prefix, uri } of declared) this.#uris.set(prefix, uri);
  }

  leave(): void {
    for (const { prefix, uri } of this.#replaced.pop() ?? NONE) this.#uris.set(prefix, uri);
  }
}

function scopeIn(element: XmlElement | undefined): Prefixes {
  if (element === undefined) return new Prefixes();
  const scope = scopeIn(element.parent);
  scope.enter(element.declared);
  return scope;
}

function inheritedAttributes(
  apex: XmlTag,
  parent: XmlElement | undefined,
  { inherited }: CanonicalForm,
): readonly XmlAttribute[] {
  if (inherited === 'none') return NONE;
  const taken = new Map<string, XmlAttribute>();
  const own = new Set(apex.attributes.filter(({ uri }) => uri === XML).map(({ local }) => local));
  for (let around = parent; around !== undefined; around = around.parent)
    for (const attribute of around.attributes)
      if (attribute.uri === XML && !own.has(attribute.local) && !taken.has(attribute.local))
        taken.set(attribute.local, attribute);
  if (inherited === 'all') return [...taken.values()];
  if (own.has('base') || taken.has('base')) throw new Error('xml:base is not taken');
  return [...taken.values()].filter(({ local }) => SIMPLE.includes(local));
}

/** Whether the name of a namespace is relative, so that its document has no canonical form (RFC 3076, 1.3). */
export function isRelative({ uri }: XmlDeclaration): boolean {
  return uri !== '' && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(uri);
}

/** What an attribute's value holds as a reference in the canonical form. */
const ESCAPED_IN_ATTRIBUTE = /[&<"\t\n\r]/;

/**
 * Whether implementations differ on a document that declares a namespace by this name. A relative name has no canonical
 * form; others are written with references (RFC 3076, 2.3), which libxml2 leaves out in names of namespaces.
 */
export function isDisputed(declared: XmlDeclaration): boolean {
  return isRelative(declared) || ESCAPED_IN_ATTRIBUTE.test(declared.uri);
}

function declaration(prefix: string, uri: string): string {
  if (isRelative({ prefix, uri })) throw new Error('the name of a namespace is relative');
  return ` xmlns${prefix === '' ? '' : ':'}${prefix}="${attributeText(uri)}"`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const IN_CONTENT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };
const IN_ATTRIBUTE: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

function contentText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replaceAll(/[&<>\r]/g, (character) => IN_CONTENT[character] ?? '') : text;
}

function attributeText(text: string): string {
  return /[&<"\t\n\r]/.test(text)
    ? text.replaceAll(/[&<"\t\n\r]/g, (character) => IN_ATTRIBUTE[character] ?? '')
    : text;
}
