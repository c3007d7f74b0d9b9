import {
  afterSpace,
  checkCharacters,
  cutOfText,
  EQUALS,
  EXCLAMATION_MARK,
  GREATER_THAN,
  isPlainText,
  isPlainValue,
  isSpace,
  LESS_THAN,
  QUESTION_MARK,
  SLASH,
  SPACE,
} from './characters.js';
import { NameTable, type Scope, type WrittenAttribute } from './names.js';
import { attributeValue, normalizedLines, textValue } from './references.js';
import type { XmlEvents, XmlTag } from './tag.js';
import { XmlRefused } from './xml-refused.js';

/** Far more than a message of a register needs. */
const MAX_DEPTH = 64;
/** One tag is read at once, so that its size is bounded by more than that of the message. */
const MAX_ATTRIBUTES = 1_000;
/** A longer text comes in parts. */
const MAX_TEXT = 32_768;

/** `XMLDecl` (XML 1.0, section 2.8) of version 1.0: SOAP knows no other, and canonical forms neither. */
const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(["'])1\.0\1(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(["'])[A-Za-z][A-Za-z0-9._-]*\2)?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(["'])(?:yes|no)\3)?[ \t\r\n]*$/;

/**
 * Reads a document once, in parts, and says what it holds. It takes what XML 1.0 and Namespaces in XML 1.0 call
 * well-formed, without DOCTYPE and processing instructions, at most 64 elements deep and 1,000 attributes wide. Texts of
 * the message are parts of its text, so that they keep all of it in memory.
 */
export class XmlScanner {
  readonly #xml: string;
  readonly #events: XmlEvents;
  readonly #names = new NameTable();
  readonly #open: XmlTag[] = [];
  readonly #scopes: (Scope | undefined)[] = [];
  #at: number;
  #hasRoot = false;

  constructor(xml: string, events: XmlEvents) {
    this.#xml = xml;
    this.#events = events;
    this.#at = xml.startsWith('\ufeff') ? 1 : 0;
    this.#at = this.#declaration(this.#at);
  }

  /**
   * Reads on for about this many characters: to the end of the tag or text that they end in. Returns true at the end of
   * the document. Throws {@link XmlRefused}, and what an event throws.
   */
  advance(characters: number): boolean {
    const xml = this.#xml;
    const stop = this.#at + characters;
    while (this.#at < stop) {
      if (this.#at >= xml.length) {
        if (this.#open.length > 0 || !this.#hasRoot) throw new XmlRefused('xml_invalid');
        return true;
      }
      this.#at = xml.charCodeAt(this.#at) === LESS_THAN ? this.#markup(this.#at) : this.#text(this.#at);
    }
    return false;
  }

  /** Each method reads what begins at a place, and returns where it ends. */
  #declaration(from: number): number {
    const xml = this.#xml;
    if (!xml.startsWith('<?xml', from) || !isSpace(xml.charCodeAt(from + 5))) return from;
    const end = xml.indexOf('?>', from);
    if (end < 0 || !DECLARATION.test(xml.slice(from, end))) throw new XmlRefused('xml_invalid');
    return end + 2;
  }

  #text(from: number): number {
    const xml = this.#xml;
    const less = xml.indexOf('<', from);
    const to = less < 0 ? xml.length : less;
    if (this.#open.length === 0) {
      if (afterSpace(xml, from) < to) throw new XmlRefused('xml_invalid');
      return to;
    }
    const cut = to - from > MAX_TEXT ? cutOfText(xml, from, from + MAX_TEXT) : to;
    const end = cut > from ? cut : to;
    const isPlain = isPlainText(xml, from, end);
    this.#events.text(from, end, isPlain ? undefined : textValue(xml.slice(from, end)));
    return end;
  }

  #markup(from: number): number {
    const code = this.#xml.charCodeAt(from + 1);
    if (code === SLASH) return this.#endTag(from);
    if (code === EXCLAMATION_MARK) return this.#notAnElement(from);
    if (code === QUESTION_MARK) throw new XmlRefused('xml_invalid');
    return this.#startTag(from);
  }

  #startTag(from: number): number {
    const xml = this.#xml;
    const nameEnd = endOfName(xml, from + 1);
    const name = xml.slice(from + 1, nameEnd);
    const isPlain = xml.charCodeAt(nameEnd) === GREATER_THAN;
    const written: WrittenAttribute[] = [];
    const end = isPlain ? nameEnd : readAttributes(xml, nameEnd, written);
    const isEmpty = xml.charCodeAt(end) === SLASH;
    const to = isEmpty ? end + 2 : end + 1;
    if (isEmpty && xml.charCodeAt(end + 1) !== GREATER_THAN) throw new XmlRefused('xml_invalid');
    if (this.#open.length === 0) {
      if (this.#hasRoot) throw new XmlRefused('xml_invalid');
      this.#hasRoot = true;
    }
    if (this.#open.length === MAX_DEPTH) throw new XmlRefused('xml_too_deep');
    const { tag, scope } =
      written.length === 0 ? { tag: this.#names.plainTag(name), scope: undefined } : this.#names.tag(name, written);
    this.#events.open(tag, from, to);
    if (isEmpty) {
      this.#events.close(tag, to, to);
      if (scope !== undefined) this.#names.leave(scope);
    } else {
      this.#open.push(tag);
      this.#scopes.push(scope);
    }
    return to;
  }

  #endTag(from: number): number {
    const xml = this.#xml;
    const tag = this.#open.pop();
    if (tag === undefined || !xml.startsWith(tag.name, from + 2)) throw new XmlRefused('xml_invalid');
    const end = afterSpace(xml, from + 2 + tag.name.length);
    if (xml.charCodeAt(end) !== GREATER_THAN) throw new XmlRefused('xml_invalid');
    this.#events.close(tag, from, end + 1);
    const scope = this.#scopes.pop();
    if (scope !== undefined) this.#names.leave(scope);
    return end + 1;
  }

  #notAnElement(from: number): number {
    const xml = this.#xml;
    if (xml.startsWith('<!--', from)) {
      const end = xml.indexOf('--', from + 4);
      if (end < 0 || xml.charCodeAt(end + 2) !== GREATER_THAN) throw new XmlRefused('xml_invalid');
      checkCharacters(xml, from + 4, end);
      return end + 3;
    }
    if (xml.startsWith('<![CDATA[', from) && this.#open.length > 0) {
      const end = xml.indexOf(']]>', from + 9);
      if (end < 0) throw new XmlRefused('xml_invalid');
      checkCharacters(xml, from + 9, end);
      this.#events.text(from, end + 3, normalizedLines(xml.slice(from + 9, end)));
      return end + 3;
    }
    throw new XmlRefused(xml.startsWith('<!DOCTYPE', from) && !this.#hasRoot ? 'xml_doctype' : 'xml_invalid');
  }
}

/** Reads a whole document at once. */
export function scanXml(xml: string, events: XmlEvents): void {
  const scanner = new XmlScanner(xml, events);
  while (!scanner.advance(Infinity));
}

/** Returns the place behind what may be a name: of white space, `/`, `=` or `>`, or the end of the text. */
function endOfName(xml: string, from: number): number {
  let at = from;
  for (;;) {
    const code = xml.charCodeAt(at);
    const isInName =
      code > GREATER_THAN || (code > SPACE && code !== SLASH && code !== EQUALS && code !== GREATER_THAN);
    if (!isInName) return at;
    at += 1;
  }
}

/** Reads the attributes behind a name. Returns the place of the `>` or `/` that ends them. */
function readAttributes(xml: string, from: number, into: WrittenAttribute[]): number {
  let end = from;
  for (;;) {
    const at = afterSpace(xml, end);
    const code = xml.charCodeAt(at);
    if (code === GREATER_THAN || code === SLASH) return at;
    const nameEnd = endOfName(xml, at);
    const equals = afterSpace(xml, nameEnd);
    const quoteAt = afterSpace(xml, equals + 1);
    const quote = xml.charAt(quoteAt);
    const valueEnd = quote === '"' || quote === "'" ? xml.indexOf(quote, quoteAt + 1) : -1;
    if (at === end || xml.charCodeAt(equals) !== EQUALS || valueEnd < 0 || into.length === MAX_ATTRIBUTES)
      throw new XmlRefused('xml_invalid');
    const isPlain = isPlainValue(xml, quoteAt + 1, valueEnd);
    const value = xml.slice(quoteAt + 1, valueEnd);
    into.push({ name: xml.slice(at, nameEnd), value: isPlain ? value : attributeValue(value) });
    end = valueEnd + 1;
  }
}
