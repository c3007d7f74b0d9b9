import { isObject, ownMember } from '../../../schemas/objects.js';
import { escapeXml } from '../xml/escape.js';
import { XSI } from '../xml/namespaces.js';
import { parsePieces, type Placeholder } from './placeholders.js';

/** Elements by name, in their order, as `source.yaml` writes them. */
export type Template = Readonly<Record<string, unknown>>;

/** The values of placeholders. An absent value is undefined. */
export interface TemplateValues {
  one(name: string): string | undefined;
  many(name: string): readonly string[];
}

export interface TemplateNames {
  /** Namespaces by prefix. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** Prefix of names without one, at the top of the template and below it. Undefined for no namespace. */
  readonly top: string | undefined;
  readonly below: string | undefined;
  /** Writes XML as a text, for `#xml`. */
  readonly embed: (xml: string) => string;
}

/** A template ready to be filled. */
export interface CompiledTemplate {
  readonly placeholders: readonly Placeholder[];
  /**
   * Returns the elements with these values. Every value is escaped: no value changes which elements and attributes there
   * are.
   */
  write(values: TemplateValues): string;
  /** Returns the attributes at the top of the template, for the element that a profile writes around it. */
  attributes(values: TemplateValues): string;
}

/** Returns the text, or undefined for what is left out. `index`: of the item that is written, in a repeated element. */
type Write = (values: TemplateValues, index?: number) => string | undefined;

interface Part {
  readonly write: Write;
  readonly hasPlaceholder: boolean;
  /** Placeholders of lists for which no element is repeated yet. */
  readonly lists: readonly string[];
}

interface Scope {
  readonly names: TemplateNames;
  readonly placeholders: Placeholder[];
  /** Prefixes that the element at the top must declare. */
  readonly used: Set<string>;
  /** Whether an item of a list is around. The item is repeated then, instead of the element with the placeholder. */
  readonly inItem: boolean;
}

/** Local name with or without prefix (Namespaces in XML 1.0, section 4; letters of any script). */
const NAME = /^(?:([\p{L}_][\p{L}\p{N}\p{M}_.-]*):)?([\p{L}_][\p{L}\p{N}\p{M}_.-]*)$/u;
const KNOWN: Readonly<Record<string, string>> = { xsi: XSI, xs: 'http://www.w3.org/2001/XMLSchema' };

/**
 * Compiles a template: `name: text`, `name: { child: ..., '@attribute': text, '#text': text }`, `name: [several]`, and
 * `name: null` for an empty element. A text may hold placeholders.
 *
 * - An element with `{name[]}`, or the item of a list around it, is written once for each value.
 * - An attribute whose placeholder has no value is left out, and so is an element below the top of which every
 *   placeholder has none.
 * - What is below `#xml` is written as XML in the text of its element.
 * - A name may have a prefix of `namespaces`; `xsi` and `xs` are known.
 *
 * Throws an error that says what cannot be written.
 */
export function compileTemplate(template: Template, names: TemplateNames): CompiledTemplate {
  const placeholders: Placeholder[] = [];
  const scope = (): Scope => ({ names, placeholders, used: new Set(), inItem: false });
  const entries = Object.entries(template);
  const elements = entries.filter(([name]) => !isAttribute(name)).map(([name, content]) => top(name, content, scope()));
  const own = scope();
  const attributes = entries.filter(([name]) => isAttribute(name)).map(([name, text]) => attribute(name, text, own));
  const declared = declarations(own);
  return {
    placeholders,
    write: (values) => elements.map((write) => write(values) ?? '').join(''),
    attributes: (values) => declared + attributes.map(({ write }) => write(values) ?? '').join(''),
  };
}

function isAttribute(name: string): boolean {
  return name.startsWith('@');
}

/** An element at the top is always written, and declares the prefixes of all below it. */
function top(name: string, content: unknown, scope: Scope): Write {
  const tag = qualified(name, scope.names.top, scope);
  const part = element(tag, content, scope, true);
  return part.write;
}

function elementBelow(name: string, content: unknown, scope: Scope): Part {
  return element(qualified(name, scope.names.below, scope), content, scope, false);
}

function element(tag: string, content: unknown, scope: Scope, isTop: boolean): Part {
  if (Array.isArray(content)) {
    const items = content.map((item) => repeated(single(tag, item, { ...scope, inItem: true }, isTop)));
    return { ...together(items), write: (values, index) => joined(items, values, index) };
  }
  const part = single(tag, content, scope, isTop);
  return scope.inItem ? part : repeated(part);
}

/** Writes a part once for each value of its lists. */
function repeated(part: Part): Part {
  const { lists, write } = part;
  if (lists.length === 0) return part;
  return {
    hasPlaceholder: true,
    lists: [],
    write: (values) => {
      const count = Math.max(...lists.map((name) => values.many(name).length));
      return count === 0 ? undefined : Array.from({ length: count }, (_, at) => write(values, at) ?? '').join('');
    },
  };
}

function single(tag: string, content: unknown, scope: Scope, isTop: boolean): Part {
  if (!isObject(content)) return written(tag, [], [textPart(content, tag, scope)], scope, isTop);
  const entries = Object.entries(content);
  const attributes = entries.filter(([name]) => isAttribute(name)).map(([name, text]) => attribute(name, text, scope));
  const inner = entries.flatMap(([name, child]) => {
    if (isAttribute(name)) return [];
    if (name === '#text') return [textPart(child, tag, scope)];
    return [name === '#xml' ? xmlPart(child, tag, scope) : elementBelow(name, child, scope)];
  });
  return written(tag, attributes, inner, scope, isTop);
}

function written(tag: string, attributes: readonly Part[], inner: readonly Part[], scope: Scope, isTop: boolean): Part {
  const start = `<${tag}${isTop ? declarations(scope) : ''}`;
  const end = `</${tag}>`;
  const all = together([...attributes, ...inner]);
  const filled = [...attributes, ...inner].filter(({ hasPlaceholder }) => hasPlaceholder);
  return {
    ...all,
    write: (values, index) => {
      if (!isTop && all.hasPlaceholder && filled.every(({ write }) => write(values, index) === undefined))
        return undefined;
      const content = joined(inner, values, index) ?? '';
      const opened = start + (joined(attributes, values, index) ?? '');
      return content === '' ? `${opened}/>` : `${opened}>${content}${end}`;
    },
  };
}

/** A document of its own, which declares its prefixes again. */
function xmlPart(content: unknown, at: string, { names, placeholders, inItem }: Scope): Part {
  if (!isObject(content)) throw new Error(`${at}: #xml must be an object of elements`);
  const elements = Object.entries(content).map(([name, child]) => {
    const own: Scope = { names, placeholders, inItem, used: new Set() };
    return element(qualified(name, names.top, own), child, own, true);
  });
  return {
    ...together(elements),
    write: (values, index) => names.embed(joined(elements, values, index) ?? ''),
  };
}

function attribute(name: string, text: unknown, scope: Scope): Part {
  const local = name.slice(1);
  const part = textPart(text, name, scope);
  const tag = qualified(local, undefined, scope);
  // The value of xsi:type is a name, whose prefix must be declared (XML Schema 1.0 part 1, section 2.6.1).
  if (local === 'xsi:type' && typeof text === 'string') qualified(text, undefined, scope);
  return {
    ...part,
    write: (values, index) => {
      const value = part.write(values, index);
      return value === undefined ? undefined : ` ${tag}="${value}"`;
    },
  };
}

function textPart(content: unknown, at: string, { placeholders }: Scope): Part {
  if (content === null) return fixed('');
  if (typeof content !== 'string' && typeof content !== 'number' && typeof content !== 'boolean')
    throw new Error(`${at}: must be a text, an object of elements, or a list of them`);
  const pieces = parsePieces(String(content));
  const named = pieces.filter((piece) => typeof piece !== 'string');
  if (named.length === 0) return fixed(pieces.join(''));
  placeholders.push(...named);
  const writers = pieces.map(pieceWriter);
  return {
    hasPlaceholder: true,
    lists: named.filter(({ isList }) => isList).map(({ name }) => name),
    write: (values, index) => {
      let text = '';
      for (const write of writers) {
        const written = write(values, index);
        if (written === undefined) return undefined;
        text += written;
      }
      return text;
    },
  };
}

function pieceWriter(piece: string | Placeholder): Write {
  if (typeof piece === 'string') {
    const escaped = escapeXml(piece);
    return () => escaped;
  }
  const { name, isList } = piece;
  return (values, index = 0) => {
    const value = isList ? values.many(name)[index] : values.one(name);
    return value === undefined ? undefined : escapeXml(value);
  };
}

function fixed(text: string): Part {
  const escaped = escapeXml(text);
  return { hasPlaceholder: false, lists: [], write: () => escaped };
}

function together(parts: readonly Part[]): Pick<Part, 'hasPlaceholder' | 'lists'> {
  return {
    hasPlaceholder: parts.some(({ hasPlaceholder }) => hasPlaceholder),
    lists: [...new Set(parts.flatMap(({ lists }) => lists))],
  };
}

/** Undefined if every part is left out. */
function joined(parts: readonly Part[], values: TemplateValues, index: number | undefined): string | undefined {
  let text: string | undefined;
  for (const { write } of parts) {
    const next = write(values, index);
    if (next !== undefined) text = (text ?? '') + next;
  }
  return text;
}

function qualified(name: string, otherwise: string | undefined, { names, used }: Scope): string {
  const [, prefix = otherwise, local] = NAME.exec(name) ?? [];
  if (local === undefined) throw new Error(`${name} is no name of an element or attribute`);
  if (prefix === undefined) return local;
  if (prefix !== 'xml') {
    namespaceOf(prefix, names);
    used.add(prefix);
  }
  return `${prefix}:${local}`;
}

function namespaceOf(prefix: string, { namespaces }: TemplateNames): string {
  const uri = ownMember(namespaces, prefix) ?? ownMember(KNOWN, prefix);
  if (uri === undefined)
    throw new Error(`no namespace has the prefix ${prefix}: write it below namespaces, or a name without prefix`);
  return uri;
}

function declarations({ names, used }: Scope): string {
  return [...used].map((prefix) => ` xmlns:${prefix}="${escapeXml(namespaceOf(prefix, names))}"`).join('');
}
