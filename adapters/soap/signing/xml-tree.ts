import { scanXml } from '../xml/scanner.js';
import type { XmlEvents, XmlTag } from '../xml/tag.js';
import { XmlRefused } from '../xml/xml-refused.js';

/** An element of a message, as its signature sees it. */
export interface XmlElement extends XmlTag {
  readonly parent: XmlElement | undefined;
  /** Elements and texts, in order. References and CDATA are resolved. Comments are left out. */
  readonly children: (XmlElement | string)[];
  /** Position in the message behind the name of the start tag, and behind its end. */
  readonly nameEnd: number;
  readonly tagEnd: number;
}

/** Reads a message into a tree. Throws {@link XmlRefused} as the scanner does. */
export function parseTree(message: string): XmlElement {
  const tree = new TreeEvents(message);
  scanXml(message, tree);
  if (tree.root === undefined) throw new XmlRefused('xml_invalid');
  return tree.root;
}

/** Makes a tree of what a document holds. */
export class TreeEvents implements XmlEvents {
  root: XmlElement | undefined;
  readonly #xml: string;
  #current: XmlElement | undefined;

  constructor(xml: string) {
    this.#xml = xml;
  }

  open(tag: XmlTag, from: number, to: number): void {
    const element = elementOf(tag, this.#current, from, to);
    this.#current?.children.push(element);
    this.root ??= element;
    this.#current = element;
  }

  text(from: number, to: number, value: string | undefined): void {
    this.#current?.children.push(value ?? this.#xml.slice(from, to));
  }

  close(): void {
    this.#current = this.#current?.parent;
  }
}

function elementOf(tag: XmlTag, parent: XmlElement | undefined, from: number, to: number): XmlElement {
  const { name, prefix, local, uri, attributes, declared } = tag;
  return {
    name,
    prefix,
    local,
    uri,
    attributes,
    declared,
    parent,
    children: [],
    nameEnd: from + 1 + name.length,
    tagEnd: to,
  };
}

/** Says what an element holds, as a scanner would. The places are all 0: that is where no text is as it stands. */
export function replay(element: XmlElement, events: XmlEvents): void {
  events.open(element, 0, 0);
  for (const child of element.children)
    if (typeof child === 'string') events.text(0, 0, child);
    else replay(child, events);
  events.close(element, 0, 0);
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
