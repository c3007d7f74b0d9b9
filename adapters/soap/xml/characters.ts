import { XmlRefused } from './xml-refused.js';

export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const SPACE = 0x20;
export const EXCLAMATION_MARK = 0x21;
export const AMPERSAND = 0x26;
export const SLASH = 0x2f;
export const LESS_THAN = 0x3c;
export const EQUALS = 0x3d;
export const GREATER_THAN = 0x3e;
export const QUESTION_MARK = 0x3f;
const RIGHT_BRACKET = 0x5d;
/** All from here to the first surrogate are letters, or stand for themselves. */
const FIRST_SURROGATE = 0xd800;

/** `S` (XML 1.0, section 2.3). */
export function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === TAB || code === CARRIAGE_RETURN;
}

/** Returns the place of the first character that is no white space. */
export function afterSpace(xml: string, from: number): number {
  let at = from;
  while (isSpace(xml.charCodeAt(at))) at += 1;
  return at;
}

/**
 * Whether a text stands for itself, and is canonical: without references, carriage returns and `>`. Throws
 * {@link XmlRefused} for characters that XML does not have (section 2.2), and for `]]>` (section 2.4).
 */
export function isPlainText(xml: string, from: number, to: number): boolean {
  let isPlain = true;
  for (let at = from; at < to; at += 1) {
    const code = xml.charCodeAt(at);
    if (code > GREATER_THAN && code < FIRST_SURROGATE) continue;
    if (code === AMPERSAND || code === CARRIAGE_RETURN) isPlain = false;
    else if (code === GREATER_THAN) {
      isPlain = false;
      // What precedes a text is no bracket, or a part of the same text.
      const isEndOfCdata = xml.charCodeAt(at - 1) === RIGHT_BRACKET && xml.charCodeAt(at - 2) === RIGHT_BRACKET;
      if (isEndOfCdata) throw new XmlRefused('xml_invalid');
    } else if (code < SPACE || code >= FIRST_SURROGATE) at += charactersAt(xml, at, to, code);
  }
  return isPlain;
}

/**
 * Whether the value of an attribute stands for itself: without references, and without white space other than spaces.
 * Throws {@link XmlRefused} for characters that XML does not have, and for `<` (section 3.1).
 */
export function isPlainValue(xml: string, from: number, to: number): boolean {
  let isPlain = true;
  for (let at = from; at < to; at += 1) {
    const code = xml.charCodeAt(at);
    if (code > LESS_THAN && code < FIRST_SURROGATE) continue;
    if (code === LESS_THAN) throw new XmlRefused('xml_invalid');
    if (code === AMPERSAND) isPlain = false;
    else if (code < SPACE || code >= FIRST_SURROGATE) {
      isPlain &&= code >= FIRST_SURROGATE;
      at += charactersAt(xml, at, to, code);
    }
  }
  return isPlain;
}

/**
 * Returns a place at or before `to` where a text can be cut: not within a reference, a line end or a character. Returns
 * `from` if there is none.
 */
export function cutOfText(xml: string, from: number, to: number): number {
  const reference = xml.lastIndexOf('&', to - 1);
  if (reference >= from && xml.slice(reference, to).indexOf(';') < 0) return reference;
  const before = xml.charCodeAt(to - 1);
  const isWithin = before === CARRIAGE_RETURN || (before >= FIRST_SURROGATE && before < 0xdc00);
  return isWithin ? to - 1 : to;
}

/** Throws {@link XmlRefused} for characters that XML does not have. */
export function checkCharacters(xml: string, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const code = xml.charCodeAt(at);
    if (code < SPACE || code >= FIRST_SURROGATE) at += charactersAt(xml, at, to, code);
  }
}

/** Returns 1 if the character has two units, else 0. Throws {@link XmlRefused} for one that XML does not have. */
function charactersAt(xml: string, at: number, to: number, code: number): 0 | 1 {
  if (code < SPACE ? isSpace(code) : code > 0xdfff && code < 0xfffe) return 0;
  if (code >= FIRST_SURROGATE && code < 0xdc00 && at + 1 < to) {
    const low = xml.charCodeAt(at + 1);
    if (low >= 0xdc00 && low <= 0xdfff) return 1;
  }
  throw new XmlRefused('xml_invalid');
}

/** Whether a number is a `Char` (section 2.2). */
export function isCharacter(code: number): boolean {
  if (code < SPACE) return isSpace(code);
  return code < FIRST_SURROGATE || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code <= 0x10ffff);
}
