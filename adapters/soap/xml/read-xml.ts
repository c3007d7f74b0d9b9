import { scanXml } from './scanner.js';
import type { XmlEvents, XmlTag } from './tag.js';

/**
 * Reads one element. `child` returns the reader of a child element. If it returns none, that element and all below it are
 * skipped, and nothing of them is kept. `leaf` gets the whole text of the element, or undefined if the element holds
 * elements.
 */
export interface ElementReader {
  child?(tag: XmlTag): ElementReader | undefined;
  leaf?(text: string | undefined): void;
  end?(): void;
}

/** Returns a reader of an element with these child elements, by `uri local`. It skips any other. */
export function childElements(elements: Readonly<Record<string, ElementReader>>): ElementReader {
  const readers = new Map(Object.entries(elements));
  return { child: ({ uri, local }) => readers.get(`${uri} ${local}`) };
}

/**
 * Reads a document element by element, each with the reader that its parent returned. Throws `XmlRefused`, and what a
 * reader throws.
 */
export function readXml(xml: string, root: ElementReader): void {
  scanXml(xml, new ElementEvents(xml, root));
}

interface Open {
  readonly reader: ElementReader;
  text: string;
  hasElements: boolean;
}

/** Gives what a document holds to readers of its elements. The first reader is that of what is around the root. */
export class ElementEvents implements XmlEvents {
  readonly #xml: string;
  readonly #around: Open[] = [];
  #current: Open;
  /** How many elements are open that are skipped. */
  #skipped = 0;

  constructor(xml: string, root: ElementReader) {
    this.#xml = xml;
    this.#current = { reader: root, text: '', hasElements: false };
  }

  open(tag: XmlTag): void {
    if (this.#skipped > 0) {
      this.#skipped += 1;
      return;
    }
    const parent = this.#current;
    parent.hasElements = true;
    const reader = parent.reader.child?.(tag);
    if (reader === undefined) {
      this.#skipped = 1;
      return;
    }
    this.#around.push(parent);
    this.#current = { reader, text: '', hasElements: false };
  }

  text(from: number, to: number, value: string | undefined): void {
    const current = this.#current;
    if (this.#skipped > 0 || current.hasElements || current.reader.leaf === undefined) return;
    current.text += value ?? this.#xml.slice(from, to);
  }

  close(): void {
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      return;
    }
    const { reader, text, hasElements } = this.#current;
    if (reader.leaf !== undefined) reader.leaf(hasElements ? undefined : unshared(text));
    reader.end?.();
    this.#current = this.#around.pop() ?? this.#current;
  }
}

/** V8 copies a shorter part of a text (`SlicedString::kMinLength`), and joins shorter texts by copying them. */
const SHARED_LENGTH = 13;

/** Copies a text. In V8 a part of a text keeps the whole alive, and what was skipped must not stay in memory. */
export function unshared(text: string): string {
  return text.length < SHARED_LENGTH ? text : Buffer.from(text, 'utf8').toString('utf8');
}
