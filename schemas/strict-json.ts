import { endOfString, isBeforeColon, surveyNames, type NameSurvey } from './json-scan.js';
import { parseJson } from './parse-json.js';

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
  const { value } = parseSurveyed(text, surveyNames(text), maxDepth);
  if (hasSuspectEscape(text)) forEachText(value, checkText);
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

/** What a parsed value shows on one walk. */
interface Contents {
  /** Members of all objects. */
  members: number;
  /** Whether a number is an item of a list, or the whole value. */
  hasLooseNumber: boolean;
  /** Returns what stands for a text that begins with U+0000. Undefined if such texts stay. */
  readonly unmark: ((text: string) => unknown) | undefined;
}

/**
 * Parses JSON and checks all but its texts and names. A parsed object has a name only once, so that a text with as many
 * names as its value has members has none twice; only if it may have more, they are compared. `names`: from
 * {@link surveyNames} of the same text. `unmark`: puts something else in the place of each text that begins with U+0000.
 *
 * @throws {@link JsonInvalid}
 */
export function parseSurveyed(
  text: string,
  { names }: Pick<NameSurvey, 'names'>,
  maxDepth = MAX_DEPTH,
  unmark?: (text: string) => unknown,
): { readonly value: unknown } & Pick<Contents, 'hasLooseNumber'> {
  const value = parsed(text);
  if (isMarked(value) && unmark) return { value: unmark(value), hasLooseNumber: false };
  const contents: Contents = { members: 0, hasLooseNumber: typeof value === 'number', unmark };
  if (typeof value === 'object' && value !== null) walk(value, contents, 1, maxDepth);
  if (contents.members !== names) checkNames(text);
  return { value, hasLooseNumber: contents.hasLooseNumber };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new JsonInvalid('syntax');
  }
}

function walk(value: object, contents: Contents, depth: number, maxDepth: number): void {
  if (depth > maxDepth) throw new JsonInvalid('depth');
  if (Array.isArray(value)) {
    walkList(value, contents, depth, maxDepth);
    return;
  }
  const { unmark } = contents;
  let members = 0;
  for (const name in value) {
    if (name === '__proto__') throw new JsonInvalid('name');
    // A marked numeral in the place of a name.
    if (unmark !== undefined && isMarked(name)) throw new JsonInvalid('syntax');
    members += 1;
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof inner === 'object' && inner !== null) walk(inner, contents, depth + 1, maxDepth);
    else if (unmark !== undefined && isMarked(inner)) (value as Record<string, unknown>)[name] = unmark(inner);
  }
  contents.members += members;
}

function walkList(list: unknown[], contents: Contents, depth: number, maxDepth: number): void {
  const { unmark } = contents;
  for (let at = 0; at < list.length; at += 1) {
    const item = list[at];
    if (typeof item === 'number') contents.hasLooseNumber = true;
    else if (typeof item === 'object' && item !== null) walk(item, contents, depth + 1, maxDepth);
    else if (unmark !== undefined && isMarked(item)) list[at] = unmark(item);
  }
}

function isMarked(value: unknown): value is string {
  return typeof value === 'string' && value.charCodeAt(0) === 0;
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

function addName(names: Set<string>, literal: string): void {
  const name = String(JSON.parse(literal));
  if (names.has(name)) throw new JsonInvalid('duplicate_name');
  names.add(name);
}

/** Escapes of U+0000 and of surrogates, or a backslash before what looks so. */
const SUSPECT_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/** Whether a text may hold U+0000 or a lone surrogate. */
export function hasSuspectEscape(text: string): boolean {
  return text.includes('\\') && SUSPECT_ESCAPE.test(text);
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
