import type { FailureReason } from '../../schemas/register-failure.js';
import { SaxesParser, type SaxesTagNS } from 'saxes';

/** Far more than a message of a register needs, and little enough for the stack of a parser. */
const MAX_DEPTH = 64;

/**
 * XML that is refused: not well-formed, with a DOCTYPE or a processing instruction, or too deep. The message holds
 * nothing of it.
 */
export class XmlRefused extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason) {
    super('the XML is not taken');
    this.name = 'XmlRefused';
    this.reason = reason;
  }
}

export type XmlTag = SaxesTagNS;

/**
 * Reads one element. `child` returns the reader of a child element. If it returns none, that element and all below it are
 * skipped, and the parser does not collect their text. `leaf` gets the whole text of the element, or undefined if the
 * element holds elements.
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

export interface ParserEvents {
  readonly open: (tag: XmlTag) => void;
  readonly close: () => void;
}

/**
 * Returns a parser of whole documents. It refuses DOCTYPE (the library accepts a bare one), processing instructions and
 * depth beyond 64 before their content is read. `write` throws {@link XmlRefused}.
 */
export function strictParser({ open, close }: ParserEvents): {
  readonly parser: SaxesParser<{ xmlns: true }>;
  readonly parse: (xml: string) => void;
} {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const refuse = (reason: FailureReason) => (): never => {
    throw new XmlRefused(reason);
  };
  let depth = 0;
  parser.on('error', refuse('xml_invalid'));
  parser.on('doctype', refuse('xml_doctype'));
  parser.on('processinginstruction', refuse('xml_invalid'));
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) throw new XmlRefused('xml_too_deep');
    open(tag);
  });
  parser.on('closetag', () => {
    depth -= 1;
    close();
  });
  return { parser, parse: (xml) => void parser.write(xml).close() };
}

interface Open {
  readonly reader: ElementReader;
  text: string;
  hasElements: boolean;
}

/**
 * Reads a document element by element, each with the reader that its parent returned. Throws {@link XmlRefused}, and
 * what a reader throws.
 */
export function readXml(xml: string, root: ElementReader): void {
  const stack: Open[] = [{ reader: root, text: '', hasElements: false }];
  let passedOver = 0;
  const collect = (text: string): void => {
    const open = stack.at(-1);
    if (open !== undefined) open.text += text;
  };
  const { parser, parse } = strictParser({
    open: (tag) => {
      const parent = stack.at(-1);
      if (parent !== undefined) parent.hasElements = true;
      const reader = passedOver > 0 ? undefined : parent?.reader.child?.(tag);
      if (reader === undefined) passedOver += 1;
      else stack.push({ reader, text: '', hasElements: false });
      listen(reader?.leaf !== undefined);
    },
    close: () => {
      if (passedOver > 0) passedOver -= 1;
      else finish(stack.pop());
      listen(passedOver === 0 && stack.at(-1)?.reader.leaf !== undefined);
    },
  });
  let isListening = false;
  /** Without a handler, the parser collects no text. */
  const listen = (wanted: boolean): void => {
    if (wanted === isListening) return;
    isListening = wanted;
    if (wanted) {
      parser.on('text', collect);
      parser.on('cdata', collect);
    } else {
      parser.off('text');
      parser.off('cdata');
    }
  };
  parse(xml);
}

function finish(open: Open | undefined): void {
  if (open === undefined) return;
  const { reader, text, hasElements } = open;
  if (reader.leaf !== undefined) reader.leaf(hasElements ? undefined : unshared(text));
  reader.end?.();
}

/** V8 copies a shorter part of a text (`SlicedString::kMinLength`), and joins shorter texts by copying them. */
const SHARED_LENGTH = 13;

/** Copies a text. In V8 a part of a text keeps the whole alive, and skipped elements must not stay in memory. */
function unshared(text: string): string {
  return text.length < SHARED_LENGTH ? text : Buffer.from(text, 'utf8').toString('utf8');
}
