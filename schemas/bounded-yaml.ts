import {
  Composer,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type CST,
  type Document,
  type Node,
} from 'yaml';
import { compareDecimals } from './numeral.js';

/** A place in a text. Both count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Steps from the root of a document to a value: names of members and indices of items. */
export type DocumentPath = readonly (string | number)[];

/** A text that is no YAML 1.2, gives a name twice, or is beyond a limit. */
export class YamlFault extends Error {
  constructor(
    readonly place: TextPlace,
    message: string,
  ) {
    super(message);
    this.name = 'YamlFault';
  }
}

/** A YAML document, read. */
export interface YamlDocument {
  /** Maps are plain objects, lists are arrays, aliases are resolved. Numbers are doubles. */
  readonly value: unknown;
  /** The same, but a number that a double rounds is the text of its numeral. */
  readonly exact: unknown;
  /** Returns where the value at a path is written, or the name of a member with `name`. The nearest value around it if there is none. */
  placeOf(path: DocumentPath, part?: 'value' | 'name'): TextPlace;
}

/** Limits of a document. Beyond each of them the parser takes time or memory that grows faster than the text. */
export const YAML_LIMITS = {
  /** UTF-16 code units. */
  length: 512 * 1024,
  /** Maps and lists in each other, with the document itself. */
  depth: 100,
  /** Lexical tokens. */
  tokens: 200_000,
  anchors: 100,
  /** Aliases in the text, and values that they make of one anchor, aliases of aliases included. */
  aliases: 100,
};

export type YamlLimits = Readonly<typeof YAML_LIMITS>;

/** Reads one YAML 1.2 document. Throws {@link YamlFault}; checks the limits while it reads. */
export function readBoundedYaml(text: string, limits: YamlLimits = YAML_LIMITS): YamlDocument {
  const lines = new LineCounter();
  const at = (offset: number): TextPlace => placeAt(lines, offset);
  const document = compose(text, lines, limits);
  const [error] = document.errors;
  if (error) throw new YamlFault(at(error.pos[0]), error.message.split('\n', 1)[0] ?? '');
  refuseRepeatedNames(document, at);
  const value = toValue(document, limits);
  refuseEndless(value, limits);
  keepNumerals(document);
  return {
    value,
    exact: toValue(document, limits),
    placeOf: (path, part = 'value') => at(offsetOf(document, path, part)),
  };
}

function placeAt(lines: LineCounter, offset: number): TextPlace {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function compose(text: string, lines: LineCounter, limits: YamlLimits): Document.Parsed {
  if (text.length > limits.length)
    throw new YamlFault({ line: 1, column: 1 }, `is longer than ${limits.length} characters`);
  const composer = new Composer({ uniqueKeys: false, version: '1.2', logLevel: 'silent' });
  const [document, second] = composer.compose(tokensOf(text, lines, limits), true, text.length);
  if (second) throw new YamlFault(placeAt(lines, second.range[0]), 'is a second document: a file holds one');
  // `forceDoc` gives a document for an empty text, too.
  if (!document) throw new YamlFault({ line: 1, column: 1 }, 'is empty');
  return document as Document.Parsed;
}

function* tokensOf(text: string, lines: LineCounter, limits: YamlLimits): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  const counts = { tokens: 0, anchors: 0, aliases: 0 };
  lines.addNewLine(0);
  const check = (name: 'tokens' | 'anchors' | 'aliases'): void => {
    counts[name] += 1;
    if (counts[name] > limits[name])
      throw new YamlFault(placeAt(lines, parser.offset), `has more than ${limits[name]} ${name}`);
  };
  for (const lexeme of new Lexer().lex(text)) {
    check('tokens');
    if (lexeme.startsWith('&')) check('anchors');
    if (lexeme.startsWith('*')) check('aliases');
    yield* parser.next(lexeme);
    if (parser.stack.length > limits.depth)
      throw new YamlFault(placeAt(lines, parser.offset), `is nested deeper than ${limits.depth} levels`);
  }
  yield* parser.end();
}

/** The parser compares every name with every other one, which takes minutes for a large map. */
function refuseRepeatedNames(document: Document.Parsed, at: (offset: number) => TextPlace): void {
  visit(document, {
    Map: (_, { items }) => {
      const names = new Set<string>();
      for (const { key } of items) {
        const name = nameOf(key);
        if (names.has(name)) throw new YamlFault(at(offsetIn(key)), `gives the name ${JSON.stringify(name)} twice`);
        names.add(name);
      }
    },
  });
}

function toValue(document: Document.Parsed, limits: YamlLimits): unknown {
  try {
    return document.toJS({ maxAliasCount: limits.aliases });
  } catch (cause) {
    // An alias without its anchor, or one that multiplies.
    throw new YamlFault({ line: 1, column: 1 }, cause instanceof Error ? cause.message : 'cannot be read');
  }
}

/** Throws for a value that contains itself, and for one that aliases make larger than any text within the limits. */
function refuseEndless(value: unknown, limits: YamlLimits): void {
  const around = new Set<unknown>();
  let count = 0;
  const enter = (one: unknown): void => {
    count += 1;
    if (around.has(one) || count > limits.tokens)
      throw new YamlFault({ line: 1, column: 1 }, 'has an alias inside its own anchor, or too many values by aliases');
    if (typeof one !== 'object' || one === null) return;
    around.add(one);
    for (const member of Object.values(one)) enter(member);
    around.delete(one);
  };
  enter(value);
}

function keepNumerals(document: Document.Parsed): void {
  visit(document, {
    Scalar: (_, scalar) => {
      const { value, source } = scalar;
      if (typeof value !== 'number' || source === undefined) return;
      if ((compareDecimals(source, String(value)) ?? 0) !== 0) scalar.value = source;
    },
  });
}

function offsetOf(document: Document.Parsed, path: DocumentPath, part: 'value' | 'name'): number {
  let node: unknown = document.contents;
  let offset = offsetIn(node);
  for (const [index, step] of path.entries()) {
    const around: unknown = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(around) ? around.items.find(({ key }) => nameOf(key) === String(step)) : undefined;
    const next: unknown = isSeq(around) ? around.items[Number(step)] : pair?.value;
    if (next === undefined && pair === undefined) return offset;
    const isWanted = part === 'name' && index === path.length - 1 && pair !== undefined;
    offset = isWanted || !isNode(next) ? offsetIn(pair?.key ?? next) : offsetIn(next);
    node = next;
  }
  return offset;
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function offsetIn(node: unknown): number {
  if (isPair(node)) return offsetIn(node.key);
  const { range } = (isNode(node) ? node : {}) as Partial<Node>;
  if (range) return range[0];
  return isCollection(node) ? offsetIn(node.items[0]) : 0;
}
