import type { Turn } from '../xml/scan-in-parts.js';
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

/** What is walked in one turn of the event loop: elements, attributes, texts, and 64 characters of a long text. */
const PART = 4_096;

/** Says what an element holds, as a scanner would. The places are all 0: that is where no text is as it stands. */
export function replay(apex: XmlElement, events: XmlEvents): void {
  const walk = walked(apex, events, Infinity);
  walk.next();
}

/** Does the same, for a large element in several turns of the event loop. */
export async function replayInParts(apex: XmlElement, events: XmlEvents, turn: Turn): Promise<void> {
  const walk = walked(apex, events, PART);
  while (walk.next().done !== true) await turn();
}

/** Stops each time it has said so much. */
function* walked(apex: XmlElement, events: XmlEvents, part: number): Generator<undefined, void> {
  const open = [{ element: apex, next: 0 }];
  let left = part;
  events.open(apex, 0, 0);
  for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
    const child = current.element.children[current.next];
    current.next += 1;
    if (child === undefined) {
      events.close(current.element, 0, 0);
      open.pop();
    } else if (typeof child === 'string') {
      events.text(0, 0, child);
      left -= child.length / 64;
    } else {
      events.open(child, 0, 0);
      open.push({ element: child, next: 0 });
      left -= child.attributes.length + child.declared.length;
    }
    left -= 1;
    if (left <= 0) {
      yield;
      left = part;
    }
  }
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

/** Whether an element holds at most this number of elements and texts. */
export function hasAtMost(element: XmlElement, nodes: number): boolean {
  let left = nodes;
  const count = ({ children }: XmlElement): boolean => {
    left -= children.length;
    return left >= 0 && children.every((child) => typeof child === 'string' || count(child));
  };
  return count(element);
}
