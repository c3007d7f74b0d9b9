import type { XmlAttribute, XmlDeclaration, XmlName, XmlTag } from './tag.js';
import { XmlRefused } from './xml-refused.js';

const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** `NameStartChar` and `NameChar` without the colon (XML 1.0, fifth edition, section 2.3). */
const START =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const NC_NAME = `[${START}][${START}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040]*`;
/** `QName` (Namespaces in XML 1.0, section 4). */
const Q_NAME = new RegExp(`^(?:${NC_NAME}:)?${NC_NAME}$`, 'u');
/** Most names are of this kind. They are found sooner without the other letters. */
const ASCII_Q_NAME = /^(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*$/;

/** What a prefix stands for, at the place that is being read. */
interface Binding {
  uri: string | undefined;
}

interface KnownElement {
  /** Without attributes. */
  readonly tag: XmlTag;
  readonly binding: Binding;
}

interface KnownAttribute {
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
  /** Undefined for an attribute without a prefix, which has no namespace. */
  readonly binding: Binding | undefined;
  /** The prefix that it declares. Undefined for all but declarations. */
  readonly declares: string | undefined;
}

/** An attribute as it is written, with its value normalised. */
export interface WrittenAttribute {
  readonly name: string;
  readonly value: string;
}

/** What a prefix stood for before an element. */
interface Undone {
  readonly binding: Binding;
  readonly uri: string | undefined;
}
export type Scope = readonly Undone[];

const NONE: readonly never[] = Object.freeze([]);

/** Up to this many are compared one by one. */
const FEW = 8;

/**
 * The names of one document, with the namespaces that are declared where it is being read (Namespaces in XML 1.0). Names
 * are checked once, and resolved once for as long as their prefix means the same. Every method throws {@link XmlRefused}
 * for a name that is none, and for a prefix that is not declared.
 */
export class NameTable {
  readonly #bindings = new Map<string, Binding>([
    ['', { uri: '' }],
    ['xml', { uri: XML }],
  ]);
  readonly #elements = new Map<string, KnownElement>();
  readonly #attributes = new Map<string, KnownAttribute>();

  /** Returns the tag of an element that has no attributes. */
  plainTag(name: string): XmlTag {
    const known = this.#elements.get(name);
    if (known !== undefined && known.binding.uri === known.tag.uri) return known.tag;
    const { prefix, local } = parts(name);
    const binding = this.#binding(prefix);
    const { uri } = binding;
    // An element must not have the prefix `xmlns`, which no binding is of (section 3).
    if (uri === undefined) throw new XmlRefused('xml_invalid');
    const tag = { name, prefix, local, uri, attributes: NONE, declared: NONE };
    this.#elements.set(name, { tag, binding });
    return tag;
  }

  /** Returns the tag of an element with these attributes, and what leaving the element undoes. */
  tag(name: string, written: readonly WrittenAttribute[]): { readonly tag: XmlTag; readonly scope: Scope } {
    const declared: XmlDeclaration[] = [];
    const known: { readonly attribute: KnownAttribute; readonly value: string }[] = [];
    for (const { name: attributeName, value } of written) {
      const attribute = this.#attribute(attributeName);
      if (attribute.declares === undefined) known.push({ attribute, value });
      else declared.push(declaration(attribute.declares, value));
    }
    const scope = declared.length === 0 ? NONE : this.#declare(declared);
    const { prefix, local, uri } = this.plainTag(name);
    const attributes = known.map(({ attribute, value }) => resolved(attribute, value));
    checkDistinct(attributes);
    return { tag: { name, prefix, local, uri, attributes, declared }, scope };
  }

  /** Ends what an element declared. */
  leave(scope: Scope): void {
    for (const { binding, uri } of scope) binding.uri = uri;
  }

  #declare(declared: readonly XmlDeclaration[]): Scope {
    const prefixes = new Set(declared.map(({ prefix }) => prefix));
    if (prefixes.size !== declared.length) throw new XmlRefused('xml_invalid');
    return declared.map(({ prefix, uri }) => {
      const binding = this.#binding(prefix);
      const undone = { binding, uri: binding.uri };
      binding.uri = uri;
      return undone;
    });
  }

  #binding(prefix: string): Binding {
    const binding = this.#bindings.get(prefix) ?? { uri: undefined };
    this.#bindings.set(prefix, binding);
    return binding;
  }

  #attribute(name: string): KnownAttribute {
    const known = this.#attributes.get(name);
    if (known !== undefined) return known;
    const { prefix, local } = parts(name);
    const declares = name === 'xmlns' ? '' : prefix === 'xmlns' ? local : undefined;
    const binding = prefix === '' || declares !== undefined ? undefined : this.#binding(prefix);
    const attribute = { name, prefix, local, binding, declares };
    this.#attributes.set(name, attribute);
    return attribute;
  }
}

function parts(name: string): Pick<XmlName, 'prefix' | 'local'> {
  if (!ASCII_Q_NAME.test(name) && !Q_NAME.test(name)) throw new XmlRefused('xml_invalid');
  const colon = name.indexOf(':');
  return colon < 0 ? { prefix: '', local: name } : { prefix: name.slice(0, colon), local: name.slice(colon + 1) };
}

/** Section 3: which prefixes and names are reserved. A prefix cannot be undone (section 5). */
function declaration(prefix: string, uri: string): XmlDeclaration {
  const isReserved = prefix === 'xmlns' || uri === XMLNS || (prefix === 'xml') !== (uri === XML);
  if (isReserved || (prefix !== '' && uri === '')) throw new XmlRefused('xml_invalid');
  return { prefix, uri };
}

function resolved({ name, prefix, local, binding }: KnownAttribute, value: string): XmlAttribute {
  const uri = binding === undefined ? '' : binding.uri;
  if (uri === undefined) throw new XmlRefused('xml_invalid');
  return { name, prefix, local, uri, value };
}

/** No attribute may come twice, under two prefixes of one namespace neither (section 6.3). */
function checkDistinct(attributes: readonly XmlAttribute[]): void {
  const isTwice =
    attributes.length > FEW
      ? new Set(attributes.map(({ uri, local }) => `${local} ${uri}`)).size !== attributes.length
      : attributes.some(({ uri, local }, at) => {
          for (let other = 0; other < at; other += 1)
            if (attributes[other]?.local === local && attributes[other]?.uri === uri) return true;
          return false;
        });
  if (isTwice) throw new XmlRefused('xml_invalid');
}
