import { isCharacter } from './characters.js';
import { XmlRefused } from './xml-refused.js';

/** The entities that every document has (XML 1.0, section 4.6). There is no DOCTYPE to declare others. */
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Returns a text with its line ends as line feeds (XML 1.0, section 2.11). */
export function normalizedLines(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
}

/** Returns a text with its references resolved. Throws {@link XmlRefused} for one that is none, or of no character. */
export function textValue(raw: string): string {
  return resolved(normalizedLines(raw));
}

/**
 * Returns the normalised value of an attribute without a declared type (XML 1.0, section 3.3.3): white space as spaces,
 * unless it is written as a reference.
 */
export function attributeValue(raw: string): string {
  return resolved(normalizedLines(raw).replaceAll('\n', ' ').replaceAll('\t', ' '));
}

function resolved(raw: string): string {
  let made = '';
  let from = 0;
  for (let at = raw.indexOf('&'); at >= 0; at = raw.indexOf('&', from)) {
    const end = raw.indexOf(';', at);
    if (end < 0) throw new XmlRefused('xml_invalid');
    made += raw.slice(from, at) + referenced(raw.slice(at + 1, end));
    from = end + 1;
  }
  return from === 0 ? raw : made + raw.slice(from);
}

function referenced(name: string): string {
  const text = ENTITIES.get(name) ?? characterOf(name);
  if (text === undefined) throw new XmlRefused('xml_invalid');
  return text;
}

function characterOf(name: string): string | undefined {
  const digits = /^#(?:([0-9]+)|x([0-9A-Fa-f]+))$/.exec(name);
  if (digits === null) return undefined;
  const [, decimal, hexadecimal = ''] = digits;
  const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number.parseInt(decimal, 10);
  return isCharacter(code) ? String.fromCodePoint(code) : undefined;
}
