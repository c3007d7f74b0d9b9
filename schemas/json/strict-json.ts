import { countNames, endOfString, isBeforeColon } from './json-scan.js';
import { parseJson } from './parse-json.js';
import { isShortestJson } from './shortest-json.js';

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
export const MAX_DEPTH = 200;

/**
 * Parses JSON that all readers take for the same value (I-JSON, RFC 7493, sections 2.1 and 2.3): no name twice in an
 * object, no lone surrogates. It also refuses the name `__proto__`, U+0000, and values nested deeper than `maxDepth`.
 * Numerals become the nearest double.
 *
 * @param text decoded from UTF-8, so that surrogates are lone only if they are escaped.
 * @throws {@link JsonInvalid} with the rule that was broken and nothing of the text.
 */
export function parseUnambiguousJson(text: string, maxDepth = MAX_DEPTH): unknown {
  const value = parseSyntax(text);
  // Few texts have another length, and of most of those the names need only be counted.
  if (!isShortestJson(text, value, maxDepth) && checkValue(value, maxDepth) !== countNames(text)) checkNames(text);
  checkEscapes(text, value);
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

/** Parses JSON. Throws {@link JsonInvalid} if the syntax is wrong. */
export function parseSyntax(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new JsonInvalid('syntax');
  }
}

/**
 * Returns how many members all objects of a parsed value have. A text with as many names has none twice. Throws
 * {@link JsonInvalid} for too many levels and for the name `__proto__`.
 */
export function checkValue(value: unknown, maxDepth: number): number {
  return typeof value === 'object' && value !== null ? walk(value, 1, maxDepth) : 0;
}

function walk(value: object, depth: number, maxDepth: number): number {
  if (depth > maxDepth) throw new JsonInvalid('depth');
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[])
      if (typeof item === 'object' && item !== null) members += walk(item, depth + 1, maxDepth);
    return members;
  }
  for (const name in value) {
    if (name === '__proto__') throw new JsonInvalid('name');
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    members += typeof inner === 'object' && inner !== null ? 1 + walk(inner, depth + 1, maxDepth) : 1;
  }
  return members;
}

/** Throws {@link JsonInvalid} if an object of a valid text has a name twice. Looks at every character. */
export function checkNames(text: string): void {
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

function addName(names: Set<string>, literal: string): void {
  const name = String(JSON.parse(literal));
  if (names.has(name)) throw new JsonInvalid('duplicate_name');
  names.add(name);
}

/** Escapes of U+0000 and of surrogates, or a backslash before what looks so. */
const SUSPECT_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/** Throws {@link JsonInvalid} if the value of a text holds U+0000 or a lone surrogate, which are escaped if they are there. */
export function checkEscapes(text: string, value: unknown): void {
  if (text.includes('\\') && SUSPECT_ESCAPE.test(text)) forEachText(value, checkText);
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
