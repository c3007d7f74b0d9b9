import { SaxesParser, type SaxesTagNS } from 'saxes';

/** Far beyond any message of a register; a parser's stack is not. */
const MAX_DEPTH = 64;

/** XML that is not taken: not well-formed, with a DOCTYPE or a processing instruction, or too deep. The message holds nothing of it. */
export class XmlRefused extends Error {
  constructor() {
    super('the XML is not taken');
    this.name = 'XmlRefused';
  }
}

export type XmlTag = SaxesTagNS;

/**
 * Takes what is in one element. `child` gives the reader of an element in it; where it gives none,
 * the element and all below it are passed over: their text is not even collected. `leaf` is given
 * the element's whole text, undefined when it holds elements.
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
 * A parser of whole documents that refuses DOCTYPE (a bare one is otherwise accepted), processing
 * instructions and depth beyond 64 before anybody sees what is in them. `write` throws {@link XmlRefused}.
 */
export function strictParser({ open, close }: ParserEvents): {
  readonly parser: SaxesParser<{ xmlns: true }>;
  readonly parse: (xml: string) => void;
} {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const refuse = (): never => {
    throw new XmlRefused();
  };
  let depth = 0;
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('processinginstruction', refuse);
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) refuse();
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

/** Reads a document as it comes: one element after another, each by the reader that its parent gave. Throws {@link XmlRefused}, and what a reader throws. */
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
  /** Without a handler the parser collects no text. */
  const listen = (wanted: boolean): void => {
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

/** A part of a text keeps the whole alive in V8; what is kept must not hold on to what was passed over. */
function unshared(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
