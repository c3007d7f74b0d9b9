import { SaxesParser } from 'saxes';
import { DocumentFault, type DocumentFile } from '../reader.js';
import { ATTACHED, XML } from './namespaces.js';

/** Elements of one file, and how deep they may stand in each other. */
const MAX_ELEMENTS = 300_000;
const MAX_DEPTH = 100;

/** An element of a document. */
export interface XmlNode {
  readonly uri: string;
  readonly local: string;
  /** Without a namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  readonly text: string;
  /** Texts and children in their order. */
  readonly content: readonly (XmlNode | string)[];
  /** Whether an attribute says that its content may travel beside the message. */
  readonly isAttached: boolean;
  /** As {@link Said.place}: the line, with its file if that is another than the document. */
  readonly place: string;
  /** Returns the name that a text such as `tns:person` means here. */
  readonly named: (text: string) => QName;
}

export interface QName {
  readonly uri: string;
  readonly local: string;
}

interface OpenNode extends XmlNode {
  readonly children: OpenNode[];
  readonly content: (XmlNode | string)[];
  text: string;
}

/**
 * Reads a file of XML. It refuses DOCTYPE and with it entities, processing instructions, and what is beyond the limits.
 * Throws {@link DocumentFault}. `place` names the file in places of it; empty for the document itself.
 */
export function parseXml(file: DocumentFile, place = ''): XmlNode {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const at = (): string => (place === '' ? String(parser.line) : `${place}:${parser.line}`);
  const refuse = (message: string): never => {
    throw new DocumentFault(at(), message);
  };
  const open: OpenNode[] = [];
  let root: OpenNode | undefined;
  let count = 0;
  parser.on('error', () => refuse('is no XML'));
  parser.on('doctype', () => refuse('has a DOCTYPE, which is not read'));
  parser.on('processinginstruction', () => refuse('has a processing instruction, which is not read'));
  parser.on('opentag', (tag) => {
    count += 1;
    if (count > MAX_ELEMENTS) refuse(`has more than ${MAX_ELEMENTS} elements`);
    if (open.length >= MAX_DEPTH) refuse(`has more than ${MAX_DEPTH} elements in each other`);
    const all = Object.values(tag.attributes);
    const attributes = all.filter(({ uri }) => uri === '');
    const around = open.at(-1);
    const scope = new Map(Object.entries(tag.ns));
    const resolve = (prefix: string): string => scope.get(prefix) ?? (around ? around.named(`${prefix}:`).uri : '');
    const node: OpenNode = {
      uri: tag.uri,
      local: tag.local,
      attributes: new Map(attributes.map(({ local, value }) => [local, value])),
      children: [],
      text: '',
      content: [],
      isAttached: all.some(({ uri }) => ATTACHED.includes(uri)),
      place: at(),
      named: (text) => {
        const [, prefix = '', local = ''] = /^(?:([^:]*):)?(.*)$/s.exec(text.trim()) ?? [];
        return { uri: prefix === 'xml' ? XML : resolve(prefix), local };
      },
    };
    around?.children.push(node);
    around?.content.push(node);
    root ??= node;
    open.push(node);
  });
  parser.on('closetag', () => void open.pop());
  const collect = (text: string): void => {
    const node = open.at(-1);
    if (node === undefined) return;
    node.text += text;
    node.content.push(text);
  };
  parser.on('text', collect);
  parser.on('cdata', collect);
  parser.write(decoded(file, place)).close();
  return root ?? refuse('is no XML');
}

/** Returns the text of a file, by its mark or declaration (XML 1.0, appendix F). */
function decoded({ bytes }: DocumentFile, place: string): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const marked = start.startsWith('\xff\xfe') ? 'utf-16le' : start.startsWith('\xfe\xff') ? 'utf-16be' : undefined;
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']/.exec(start)?.[1];
  try {
    return new TextDecoder(marked ?? declared ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DocumentFault(place === '' ? '1' : `${place}:1`, `is not in ${marked ?? declared ?? 'utf-8'}`);
  }
}

/** Returns the children of this namespace, by any of these names. */
export function childrenOf(node: XmlNode, uri: string, ...locals: readonly string[]): readonly XmlNode[] {
  return node.children.filter((child) => child.uri === uri && locals.includes(child.local));
}

export function attribute(node: XmlNode, name: string): string | undefined {
  return node.attributes.get(name);
}

/** A name as a key of maps. */
export function keyOf({ uri, local }: QName): string {
  return `${uri} ${local}`;
}
