/** A text is not an array as PostgreSQL writes one. */
export class ArrayInvalid extends Error {}

/**
 * Parses an array in the text form of PostgreSQL (manual, section 8.15.6): `{a,"b c",NULL,{d}}`, also with bounds.
 * `decode` is called with each element that is not NULL. Throws {@link ArrayInvalid}.
 */
export function decodeArray(text: string, decode: (element: string) => unknown): readonly unknown[] {
  const start = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
  const parser = new ArrayText(text, start, decode);
  const list = parser.list();
  if (!parser.isAtEnd()) throw new ArrayInvalid();
  return list;
}

class ArrayText {
  #at: number;
  readonly #text: string;
  readonly #decode: (element: string) => unknown;

  constructor(text: string, at: number, decode: (element: string) => unknown) {
    this.#text = text;
    this.#at = at;
    this.#decode = decode;
  }

  isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  list(): unknown[] {
    this.#expect('{');
    const items: unknown[] = [];
    if (this.#text[this.#at] === '}') {
      this.#at += 1;
      return items;
    }
    for (;;) {
      items.push(this.#element());
      if (this.#text[this.#at] === ',') this.#at += 1;
      else break;
    }
    this.#expect('}');
    return items;
  }

  #element(): unknown {
    const next = this.#text[this.#at];
    if (next === '{') return this.list();
    if (next === '"') return this.#decode(this.#quoted());
    const start = this.#at;
    while (this.#at < this.#text.length && !',{}"'.includes(this.#text[this.#at] ?? '')) this.#at += 1;
    const bare = this.#text.slice(start, this.#at);
    if (bare === '') throw new ArrayInvalid();
    return bare === 'NULL' ? null : this.#decode(bare);
  }

  #quoted(): string {
    this.#at += 1;
    let value = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw new ArrayInvalid();
      this.#at += 1;
      if (character === '"') return value;
      if (character !== '\\') value += character;
      else {
        value += this.#text[this.#at] ?? '';
        this.#at += 1;
      }
    }
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw new ArrayInvalid();
    this.#at += 1;
  }
}
