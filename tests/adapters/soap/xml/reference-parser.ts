import { SaxesParser } from 'saxes';

/** What a document holds, as one list that can be compared. Texts that follow each other are one. */
export type Outline = readonly string[];

const MAX_DEPTH = 64;
const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** Collects an outline. */
export class OutlineWriter {
  readonly lines: string[] = [];
  #text = '';

  open(name: string, uri: string, attributes: readonly (readonly [name: string, uri: string, value: string])[]): void {
    this.#endText();
    this.lines.push(`<${name} {${uri}}`, ...attributes.map((attribute) => `@${JSON.stringify(attribute)}`));
  }

  text(text: string): void {
    this.#text += text;
  }

  close(): void {
    this.#endText();
    this.lines.push('/');
  }

  #endText(): void {
    if (this.#text !== '') this.lines.push(JSON.stringify(this.#text));
    this.#text = '';
  }
}

/** saxes reads the document in another way than XML says. */
export class NotComparable extends Error {}

/** Faults that saxes takes: half of a character, and parts of a name that begin like none (Namespaces in XML 1.0, section 4). */
const HALF_CHARACTER = /[\ud800-\udbff](?![\udc00-\udfff])/;
const NO_START = /(^|:)[-.0-9\u00b7\u0300-\u036f\u203f\u2040]/;

/**
 * Returns the outline of a document by saxes, or undefined for one that is refused: not well-formed, with a DOCTYPE or a
 * processing instruction, of another version than 1.0, deeper than 64 elements, or with an element in the namespace of
 * declarations, which saxes takes and Namespaces in XML 1.0 forbids (section 3). Throws {@link NotComparable}.
 */
export function referenceOutline(xml: string): Outline | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const outline = new OutlineWriter();
  const refuse = (): never => {
    throw new Error('refused');
  };
  let depth = 0;
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('processinginstruction', refuse);
  parser.on('xmldecl', ({ version }) => {
    if (version !== '1.0') refuse();
  });
  parser.on('opentag', ({ name, prefix, uri, attributes }) => {
    depth += 1;
    if (depth > MAX_DEPTH || prefix === 'xmlns') refuse();
    if ([name, ...Object.keys(attributes)].some((one) => NO_START.test(one))) refuse();
    // It leaves out white space around the name of a namespace, which is part of the name (section 2.1).
    for (const { uri: ofName, value } of Object.values(attributes))
      if (ofName === XMLNS && value !== value.trim()) throw new NotComparable();
    const own = Object.values(attributes).filter((attribute) => attribute.uri !== XMLNS);
    outline.open(
      name,
      uri,
      own.map((attribute) => [attribute.name, attribute.uri, attribute.value]),
    );
  });
  parser.on('closetag', () => {
    depth -= 1;
    outline.close();
  });
  parser.on('text', (text) => {
    if (depth > 0) outline.text(text);
  });
  parser.on('cdata', (text) => outline.text(text));
  if (HALF_CHARACTER.test(xml)) return undefined;
  try {
    parser.write(xml).close();
    return outline.lines;
  } catch (error) {
    if (error instanceof NotComparable) throw error;
    return undefined;
  }
}
