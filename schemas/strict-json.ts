/** The rule of {@link parseStrictJson} that a text broke. Says nothing of the text. */
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

/**
 * Parses JSON without its ambiguities (I-JSON, RFC 7493): no name twice in an object, no lone
 * surrogates, no numbers beyond a double. It also refuses the name `__proto__`, control characters
 * other than tab and line breaks, and values nested deeper than `maxDepth`.
 *
 * @throws {@link JsonInvalid} with the rule that was broken and nothing of the text.
 */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  new Scanner(text, maxDepth).scan();
  return assertPlain(parsed(text));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonInvalid('syntax');
  }
}

/** Checks what a parsed value no longer shows: nesting, and names given twice. `JSON.parse` checks the syntax. */
class Scanner {
  readonly #text: string;
  readonly #maxDepth: number;
  /** Names seen in each open object; undefined for an open list. */
  readonly #open: (Set<string> | undefined)[] = [];

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  scan(): void {
    let position = 0;
    while (position < this.#text.length) {
      const character = this.#text[position];
      if (character === '"') position = this.#string(position);
      else position += 1;
      if (character === '{' || character === '[') this.#enter(character);
      if (character === '}' || character === ']') this.#open.pop();
    }
  }

  #enter(bracket: '{' | '['): void {
    this.#open.push(bracket === '{' ? new Set() : undefined);
    if (this.#open.length > this.#maxDepth) throw new JsonInvalid('depth');
  }

  /** Returns the position after a string. If a colon follows, checks the string as a name. */
  #string(start: number): number {
    const end = this.#endOfString(start);
    const names = this.#open.at(-1);
    if (names !== undefined && this.#isBeforeColon(end)) this.#name(names, this.#text.slice(start, end));
    return end;
  }

  #isBeforeColon(start: number): boolean {
    let position = start;
    while (' \t\r\n'.includes(this.#text[position] ?? '.')) position += 1;
    return this.#text[position] === ':';
  }

  #endOfString(start: number): number {
    let position = start + 1;
    while (position < this.#text.length && this.#text[position] !== '"')
      position += this.#text[position] === '\\' ? 2 : 1;
    return position + 1;
  }

  #name(names: Set<string>, literal: string): void {
    const name = String(parsed(literal));
    if (name === '__proto__') throw new JsonInvalid('name');
    if (names.has(name)) throw new JsonInvalid('duplicate_name');
    names.add(name);
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
  if (!isWellFormed(text)) throw new JsonInvalid('surrogate');
}

function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
