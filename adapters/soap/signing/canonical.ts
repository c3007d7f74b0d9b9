import type { XmlElement } from './xml-tree.js';

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

type Namespaces = ReadonlyMap<string, string>;

/**
 * Returns the canonical form of an element and all below it, without comments. Throws for a relative name of a namespace
 * (RFC 3076, 1.3), and for `xml:base` in Canonical XML 1.1, which would have to be put together.
 */
export function canonicalText(apex: XmlElement, form: CanonicalForm): string {
  return elementText(apex, form, {
    scope: scopeAround(apex),
    rendered: new Map(),
    inherited: inheritedAttributes(apex, form),
    isApex: true,
  });
}

interface Context {
  /** Namespaces that are declared around the element. */
  readonly scope: Namespaces;
  /** Namespaces that the canonical text around the element declares. */
  readonly rendered: Namespaces;
  readonly inherited: XmlElement['attributes'];
  readonly isApex: boolean;
}

function elementText(element: XmlElement, form: CanonicalForm, context: Context): string {
  const scope = extended(context.scope, Object.entries(element.declared));
  const attributes = [...element.attributes, ...context.inherited].sort(
    (one, other) => compare(one.uri, other.uri) || compare(one.local, other.local),
  );
  const added = [...new Set(candidates(element, form, scope, context.isApex))]
    .map((prefix) => [prefix, scope.get(prefix) ?? ''] as const)
    .filter(([prefix, uri]) => prefix !== 'xml' && (context.rendered.get(prefix) ?? '') !== uri)
    .sort(([one], [other]) => compare(one, other));
  const below = { scope, rendered: extended(context.rendered, added), inherited: [], isApex: false };
  let text = `<${element.name}`;
  for (const [prefix, uri] of added) text += declaration(prefix, uri);
  for (const { name, value } of attributes) text += ` ${name}="${attributeText(value)}"`;
  text += '>';
  for (const child of element.children)
    text += typeof child === 'string' ? contentText(child) : elementText(child, form, below);
  return `${text}</${element.name}>`;
}

/** Prefixes that this element may have to declare. */
function candidates(
  element: XmlElement,
  { exclusive, prefixes }: CanonicalForm,
  scope: Namespaces,
  isApex: boolean,
): readonly string[] {
  if (!exclusive) return isApex ? [...scope.keys()] : Object.keys(element.declared);
  // A default namespace is used by names of elements only.
  const ofAttributes = element.attributes.map(({ prefix }) => prefix).filter((prefix) => prefix !== '');
  return [element.prefix, ...ofAttributes, ...prefixes];
}

function extended(namespaces: Namespaces, added: readonly (readonly [string, string])[]): Namespaces {
  return added.length === 0 ? namespaces : new Map([...namespaces, ...added]);
}

function scopeAround({ parent }: XmlElement): Namespaces {
  return parent === undefined ? new Map() : extended(scopeAround(parent), Object.entries(parent.declared));
}

function inheritedAttributes(apex: XmlElement, { inherited }: CanonicalForm): XmlElement['attributes'] {
  if (inherited === 'none') return [];
  const taken = new Map<string, XmlElement['attributes'][number]>();
  const own = new Set(apex.attributes.filter(({ uri }) => uri === XML).map(({ local }) => local));
  for (let around = apex.parent; around !== undefined; around = around.parent)
    for (const attribute of around.attributes)
      if (attribute.uri === XML && !own.has(attribute.local) && !taken.has(attribute.local))
        taken.set(attribute.local, attribute);
  if (inherited === 'all') return [...taken.values()];
  if (own.has('base') || taken.has('base')) throw new Error('xml:base is not taken');
  return [...taken.values()].filter(({ local }) => SIMPLE.includes(local));
}

function declaration(prefix: string, uri: string): string {
  if (uri !== '' && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(uri)) throw new Error('the name of a namespace is relative');
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
