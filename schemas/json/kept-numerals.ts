import { isInexactNumeral } from './inexact-numeral.js';
import {
  BACKSLASH,
  COLON,
  EXACT_DIGITS,
  isDigit,
  isNumeralStart,
  isNumeralUnit,
  MINUS,
  POINT,
  QUOTE,
  SPACE,
  ZERO,
} from './json-scan.js';
import { Numeral } from '../numeral.js';

/** Texts up to this length share the space in which they are read. */
const MAX_KEPT_UNITS = 65_536;

const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Reads texts of JSON beside the values that `JSON.parse` read in them, and puts a {@link Numeral} in the place of each
 * number that `String` would write in another way or that a double rounds. Goes from token to token, so that a text whose
 * objects have as many names as those of the value has none twice. Keeps the space for the characters of a text: making
 * new space would take as long as reading a small text.
 */
export class NumeralKeeper {
  private kept: Uint16Array | undefined;
  private text = '';
  private units: Uint16Array = new Uint16Array(0);
  private at = 0;

  /**
   * Returns the value with its numerals. `text`: valid JSON; `value`: what `JSON.parse` read in it, which is changed.
   * Returns undefined, and the value is spoilt, for a name given twice, a name that begins with a digit (the value may have
   * it in another place), the name `__proto__`, and more than `maxDepth` levels.
   */
  keep(text: string, value: unknown, maxDepth: number): { readonly value: unknown } | undefined {
    this.text = text;
    this.units = this.unitsOf(text);
    this.at = 0;
    const whole = [value];
    const isRead = this.item(whole, 0, maxDepth);
    this.text = '';
    return isRead ? { value: whole[0] } : undefined;
  }

  /** Returns the UTF-16 code units of a text and a zero. They are read in half the time that the characters of a text take. */
  private unitsOf(text: string): Uint16Array {
    let units = this.kept;
    if (units === undefined || units.length <= text.length) {
      units = new Uint16Array(text.length + 1 <= MAX_KEPT_UNITS ? roundedUp(text.length + 1) : text.length + 1);
      if (units.length <= MAX_KEPT_UNITS) this.kept = units;
    }
    Buffer.from(units.buffer).write(text, 'utf16le');
    units[text.length] = 0;
    return units;
  }

  private object(value: Record<string, unknown>, depth: number): boolean {
    if (depth === 0 || !this.take(OPEN_BRACE)) return false;
    let isFirst = true;
    for (const name in value) {
      if (!isFirst && !this.take(COMMA)) return false;
      isFirst = false;
      if (this.next() !== QUOTE || isDigit(name.charCodeAt(0)) || name === '__proto__') return false;
      this.passText();
      if (!this.take(COLON)) return false;
      // The value need not be looked at: there is a number where the text has a numeral.
      if (isNumeralStart(this.next())) {
        const numeral = this.numeral();
        if (numeral !== undefined) value[name] = numeral;
      } else if (!this.other(value[name], depth - 1)) return false;
    }
    return this.take(CLOSE_BRACE);
  }

  private list(list: unknown[], depth: number): boolean {
    if (depth === 0 || !this.take(OPEN_BRACKET)) return false;
    for (let position = 0; position < list.length; position += 1) {
      if (position > 0 && !this.take(COMMA)) return false;
      if (!this.item(list, position, depth - 1)) return false;
    }
    return this.take(CLOSE_BRACKET);
  }

  private item(list: unknown[], position: number, depth: number): boolean {
    if (!isNumeralStart(this.next())) return this.other(list[position], depth);
    const numeral = this.numeral();
    if (numeral !== undefined) list[position] = numeral;
    return true;
  }

  /** Reads any value but a number. */
  private other(value: unknown, depth: number): boolean {
    if (typeof value === 'string') {
      if (this.next() !== QUOTE) return false;
      this.passText();
      return true;
    }
    if (value === null) return this.word('null');
    if (typeof value === 'boolean') return this.word(value ? 'true' : 'false');
    return Array.isArray(value) ? this.list(value, depth) : this.object(value as Record<string, unknown>, depth);
  }

  private word(word: string): boolean {
    this.next();
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** Passes over a text in quotes. */
  private passText(): void {
    const units = this.units;
    let at = this.at + 1;
    for (let unit = units[at]; unit !== QUOTE; unit = units[at]) at += unit === BACKSLASH ? 2 : 1;
    this.at = at + 1;
  }

  /** Passes over a numeral. Returns it if a number would not tell it apart. */
  private numeral(): Numeral | undefined {
    const units = this.units;
    const start = this.at;
    const digits = units[start] === MINUS ? start + 1 : start;
    let end = endOfDigits(units, digits);
    let count = end - digits;
    let isExact = true;
    if (units[end] === POINT) {
      end = endOfDigits(units, end + 1);
      count = end - digits - 1;
      isExact = units[end - 1] !== ZERO;
    }
    // The slow look is for exponents and for zeros at the beginning.
    if (isLetterE(units[end] as number) || units[digits] === ZERO) return this.oddNumeral(end);
    this.at = end;
    return isExact && count <= EXACT_DIGITS ? undefined : new Numeral(this.text.slice(start, end));
  }

  private oddNumeral(from: number): Numeral | undefined {
    const { units, at: start } = this;
    let at = from;
    while (isNumeralUnit(units[at] ?? 0)) at += 1;
    this.at = at;
    const source = this.text.slice(start, at);
    return isInexactNumeral(source) ? new Numeral(source) : undefined;
  }

  /** Passes over white space and returns the unit after it. */
  private next(): number {
    const unit = this.units[this.at] as number;
    return unit > SPACE ? unit : this.nextAfterSpace();
  }

  private nextAfterSpace(): number {
    const units = this.units;
    let unit = units[this.at] as number;
    while (unit <= SPACE && unit !== 0) unit = units[(this.at += 1)] as number;
    return unit;
  }

  private take(expected: number): boolean {
    if (this.units[this.at] !== expected && this.nextAfterSpace() !== expected) return false;
    this.at += 1;
    return true;
  }
}

function endOfDigits(units: Uint16Array, start: number): number {
  let end = start;
  while (((units[end] as number) - ZERO) >>> 0 <= 9) end += 1;
  return end;
}

function isLetterE(unit: number): boolean {
  return unit === 0x65 || unit === 0x45;
}

/** To a power of two, so that texts of about the same length do not make new space each time. */
function roundedUp(length: number): number {
  return 2 ** Math.ceil(Math.log2(length));
}
