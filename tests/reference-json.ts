import type { JsonRule } from '../schemas/json/strict-json.js';

/** What a text of JSON says, read character by character, by the letter of RFC 8259 and slowly. */
export interface ReferenceReading {
  /** Undefined if the syntax is wrong. */
  readonly value: unknown;
  /** Every rule that the text breaks. */
  readonly broken: ReadonlySet<JsonRule>;
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
};

class SyntaxBroken extends Error {}

/** Reads a text. `numeral` makes the value of a numeral from its digits. */
export function readReference(text: string, numeral: (source: string) => unknown, maxDepth = 200): ReferenceReading {
  const reader = new Reader(text, numeral, maxDepth);
  try {
    return { value: reader.document(), broken: reader.broken };
  } catch (error) {
    if (error instanceof SyntaxBroken) return { value: undefined, broken: new Set(['syntax']) };
    throw error;
  }
}

class Reader {
  readonly broken = new Set<JsonRule>();
  #at = 0;
  #depth = 0;
  readonly #text: string;
  readonly #numeral: (source: string) => unknown;
  readonly #maxDepth: number;

  constructor(text: string, numeral: (source: string) => unknown, maxDepth: number) {
    this.#text = text;
    this.#numeral = numeral;
    this.#maxDepth = maxDepth;
  }

  document(): unknown {
    const value = this.#value();
    if (this.#at !== this.#text.length) throw new SyntaxBroken();
    return value;
  }

  #value(): unknown {
    this.#gap();
    const value = this.#bare();
    this.#gap();
    return value;
  }

  #bare(): unknown {
    switch (this.#text[this.#at]) {
      case '"':
        return this.#string();
      case '[':
        return this.#nested(() => this.#list());
      case '{':
        return this.#nested(() => this.#object());
      default:
        return this.#token();
    }
  }

  #nested<Value>(read: () => Value): Value {
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) this.broken.add('depth');
    this.#at += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #list(): unknown[] {
    const items: unknown[] = [];
    this.#gap();
    if (this.#take(']')) return items;
    do items.push(this.#value());
    while (this.#take(','));
    this.#expect(']');
    return items;
  }

  #object(): unknown {
    const members: Record<string, unknown> = {};
    this.#gap();
    if (this.#take('}')) return members;
    do {
      this.#gap();
      if (this.#text[this.#at] !== '"') throw new SyntaxBroken();
      const name = this.#string();
      this.#gap();
      this.#expect(':');
      if (name === '__proto__') this.broken.add('name');
      if (Object.hasOwn(members, name)) this.broken.add('duplicate_name');
      Object.defineProperty(members, name, {
        value: this.#value(),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    } while (this.#take(','));
    this.#expect('}');
    return members;
  }

  #string(): string {
    this.#at += 1;
    let text = '';
    for (;;) {
      const unit = this.#text[this.#at++];
      if (unit === undefined || unit < ' ') throw new SyntaxBroken();
      if (unit === '"') break;
      text += unit === '\\' ? this.#escape() : unit;
    }
    if (text.includes('\u0000')) this.broken.add('control_character');
    for (let at = 0; at < text.length; at += 1) {
      const code = text.codePointAt(at) ?? 0;
      if (code >= 0xd800 && code <= 0xdfff) this.broken.add('surrogate');
      if (code > 0xffff) at += 1;
    }
    return text;
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? '';
    if (letter !== 'u') {
      const meant = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
      if (meant === undefined) throw new SyntaxBroken();
      return meant;
    }
    const hex = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw new SyntaxBroken();
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  #token(): unknown {
    const rest = this.#text.slice(this.#at);
    const word = /^(?:true|false|null)/.exec(rest)?.[0];
    if (word !== undefined) {
      this.#at += word.length;
      return word === 'null' ? null : word === 'true';
    }
    const source = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(rest)?.[0];
    if (source === undefined) throw new SyntaxBroken();
    this.#at += source.length;
    return this.#numeral(source);
  }

  #gap(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? '.')) this.#at += 1;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw new SyntaxBroken();
  }
}
