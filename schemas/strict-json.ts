/** The rule of {@link parseUnambiguousJson} or {@link parseStrictJson} that a text broke. Says nothing of the text. */
export type JsonRule = 'syntax' | 'depth' | 'name' | 'duplicate_name' | 'number' | 'control_character' | 'surrogate';

/** A text is not JSON without ambiguities. */
export class JsonInvalid extends Error {
  readonly rule: JsonRule;

  constructor(rule: JsonRule) {
    super(`not strict JSON: ${rule}`);
    this.name = 'JsonInvalid';
    this.rule = rule;
  }
}

/** More levels than an answer of a register has, and few enough for the stack. */
const MAX_DEPTH = 200;

/**
 * Parses JSON that all readers take for the same value (I-JSON, RFC 7493, sections 2.1 and 2.3): no name twice in an
 * object, no lone surrogates. It also refuses the name `__proto__`, U+0000, and values nested deeper than `maxDepth`.
 * Numerals become the nearest double.
 *
 * @param text decoded from UTF-8, so that surrogates are lone only if they are escaped.
 * @throws {@link JsonInvalid} with the rule that was broken and nothing of the text.
 */
export function parseUnambiguousJson(text: string, maxDepth = MAX_DEPTH): unknown {
  const value = parsed(text);
  const members = countMembers(value, 1, maxDepth);
  if (members !== countNames(text)) checkNames(text);
  checkTexts(text, value);
  return value;
}

/**
 * Parses JSON like {@link parseUnambiguousJson}. It also refuses control characters other than tab and line breaks, and
 * numbers beyond a double.
 *
 * @throws {@link JsonInvalid} with the rule that was broken and nothing of the text.
 */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  return assertPlain(parseUnambiguousJson(text, maxDepth));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonInvalid('syntax');
  }
}

/** Returns how many members all objects of a parsed value have. */
function countMembers(value: unknown, depth: number, maxDepth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > maxDepth) throw new JsonInvalid('depth');
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[])
      if (typeof item === 'object') members += countMembers(item, depth + 1, maxDepth);
    return members;
  }
  for (const name in value) {
    if (name === '__proto__') throw new JsonInvalid('name');
    members += 1;
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof inner === 'object') members += countMembers(inner, depth + 1, maxDepth);
  }
  return members;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const SPACE = 0x20;

/**
 * Returns how many names a valid text has, or more: quotes before a colon, with white space between them. Each name ends
 * so, and some texts hold the same. A parsed object has a name only once, so that a text with as many names as its
 * value has members has none twice.
 */
function countNames(text: string): number {
  let names = 0;
  for (let colon = text.indexOf(':'); colon !== -1; colon = text.indexOf(':', colon + 1)) {
    let before = colon - 1;
    while (text.charCodeAt(before) <= SPACE) before -= 1;
    if (text.charCodeAt(before) === QUOTE) names += 1;
  }
  return names;
}

/** Checks a valid text for names given twice in an object. */
function checkNames(text: string): void {
  /** Names seen in each open object; undefined for an open list. */
  const open: (Set<string> | undefined)[] = [];
  let position = 0;
  while (position < text.length) {
    const character = text[position];
    if (character === '"') {
      const end = endOfString(text, position);
      const names = open.at(-1);
      if (names !== undefined && isBeforeColon(text, end)) addName(names, text.slice(position, end));
      position = end;
      continue;
    }
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    position += 1;
  }
}

function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length && text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
  return position + 1;
}

function isBeforeColon(text: string, start: number): boolean {
  let position = start;
  while (text.charCodeAt(position) <= SPACE) position += 1;
  return text.charCodeAt(position) === COLON;
}

function addName(names: Set<string>, literal: string): void {
  const name = String(JSON.parse(literal));
  if (names.has(name)) throw new JsonInvalid('duplicate_name');
  names.add(name);
}

/** Escapes of U+0000 and of surrogates, or a backslash before what looks so. */
const ESCAPED = /\\u(?:0000|[dD][89a-fA-F])/;

/** Checks a valid text for escapes of U+0000 and of lone surrogates. */
function checkTexts(text: string, value: unknown): void {
  if (text.includes('\\') && ESCAPED.test(text)) forEachText(value, checkText);
}

function checkText(text: string): void {
  if (text.includes('\u0000')) throw new JsonInvalid('control_character');
  if (!text.isWellFormed()) throw new JsonInvalid('surrogate');
}

/** Calls `use` with each text and each name of a parsed value. */
function forEachText(value: unknown, use: (text: string) => void): void {
  if (typeof value === 'string') use(value);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) use(name);
    forEachText(inner, use);
  }
}

function assertPlain(value: unknown): unknown {
  if (typeof value === 'string') assertText(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new JsonInvalid('number');
  if (typeof value !== 'object' || value === null) return value;
  for (const [name, inner] of Object.entries(value)) {
    assertText(name);
    assertPlain(inner);
  }
  return value;
}

function assertText(text: string): void {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)) throw new JsonInvalid('control_character');
  if (!text.isWellFormed()) throw new JsonInvalid('surrogate');
}
