import type { SaxesAttributeNS } from 'saxes';
import { strictParser, XmlRefused, type XmlTag } from '../read-xml.js';

const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** An element of a message, as its signature sees it. */
export interface XmlElement {
  /** With its prefix. */
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
  readonly uri: string;
  /** All but declarations of namespaces. */
  readonly attributes: SaxesAttributeNS[];
  /** Namespaces that are declared here, by prefix; '' for the default one. */
  readonly declared: Record<string, string>;
  readonly parent: XmlElement | undefined;
  /** Elements and texts, in order. References and CDATA are resolved. Comments are left out. */
  readonly children: (XmlElement | string)[];
  /** Position in the message behind the name of the start tag, and behind its end. */
  readonly nameEnd: number;
  readonly tagEnd: number;
}

/**
 * Reads a message once, so that what is verified and what is read cannot differ. Throws {@link XmlRefused} as
 * `strictParser` does, and for XML 1.1, whose line ends the canonical forms do not know.
 */
export function parseTree(message: string): XmlElement {
  let root: XmlElement | undefined;
  let current: XmlElement | undefined;
  const { parser, parse } = strictParser({
    open: (tag) => {
      const element = elementOf(tag, current, message, parser.position);
      current?.children.push(element);
      root ??= element;
      current = element;
    },
    close: () => {
      current = current?.parent;
    },
  });
  const collect = (text: string): void => void current?.children.push(text);
  parser.on('text', collect);
  parser.on('cdata', collect);
  parser.on('xmldecl', ({ version }) => {
    if (version !== '1.0') throw new XmlRefused('xml_invalid');
  });
  parse(message);
  if (root === undefined) throw new XmlRefused('xml_invalid');
  return root;
}

function elementOf(tag: XmlTag, parent: XmlElement | undefined, message: string, tagEnd: number): XmlElement {
  const { name, prefix, local, uri } = tag;
  return {
    name,
    prefix,
    local,
    uri,
    attributes: Object.values(tag.attributes).filter((attribute) => attribute.uri !== XMLNS),
    declared: tag.ns,
    parent,
    children: [],
    // No start tag contains a `<`.
    nameEnd: message.lastIndexOf('<', tagEnd - 1) + 1 + name.length,
    tagEnd,
  };
}

/** Returns the child elements of this name. */
export function childrenOf(element: XmlElement, uri: string, local: string): readonly XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && child.local === local && child.uri === uri,
  );
}

/** Returns the only child element of this name. Undefined if there is none or another. */
export function onlyChild(element: XmlElement, uri: string, local: string): XmlElement | undefined {
  const [child, ...more] = childrenOf(element, uri, local);
  return more.length === 0 ? child : undefined;
}

/** Returns the whole text of an element without elements in it. Undefined for any other. */
export function textOf({ children }: XmlElement): string | undefined {
  return children.every((child) => typeof child === 'string') ? children.join('') : undefined;
}

/** Returns the value of an attribute without a namespace. */
export function attributeOf(element: XmlElement, local: string): string | undefined {
  return element.attributes.find((attribute) => attribute.uri === '' && attribute.local === local)?.value;
}
