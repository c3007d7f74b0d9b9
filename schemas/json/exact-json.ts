import { NumeralKeeper } from './kept-numerals.js';
import { endOfNumeral, endOfString, startsNumeral } from './json-scan.js';
import { isInexactNumeral } from './inexact-numeral.js';
import { Numeral } from '../numeral.js';
import { isShortestJson } from './shortest-json.js';
import { checkEscapes, checkNames, checkValue, MAX_DEPTH, parseSyntax } from './strict-json.js';

/**
 * Parses JSON like `parseUnambiguousJson`, and keeps the source text of each numeral that a number would not tell apart
 * from others: a numeral that a double would round or that has more digits than any double keeps, and one that `String`
 * would write in another way (`19.10`, `3.0`, `-0`, `1e2`) is a {@link Numeral}. All others are numbers.
 *
 * @param text decoded from UTF-8, so that surrogates are lone only if they are escaped.
 * @throws JsonInvalid with the rule that was broken and nothing of the text.
 */
export type ParseExactJson = (text: string) => unknown;

/**
 * Returns a parser for many texts. Most answers of a register are as short as their value can be written, and their
 * length alone proves that nothing was lost. It keeps space for the others.
 */
export function createExactJsonParser(): ParseExactJson {
  const keeper = new NumeralKeeper();
  return (text) => {
    const value = parseSyntax(text);
    const exact = isShortestJson(text, value, MAX_DEPTH)
      ? value
      : (keeper.keep(text, value, MAX_DEPTH) ?? parseMarked(text)).value;
    checkEscapes(text, exact);
    return exact;
  };
}

/** Parses one text, see {@link ParseExactJson}. */
export const parseExactJson: ParseExactJson = (text) => createExactJsonParser()(text);

/** What {@link NumeralKeeper} does, for every text: in twice the time, and throws for one that breaks a rule. */
function parseMarked(text: string): { readonly value: unknown } {
  const value = parseSyntax(text);
  checkValue(value, MAX_DEPTH);
  checkNames(text);
  checkEscapes(text, value);
  // No text or name without U+0000 begins like a mark.
  return { value: unmarked(parseSyntax(markInexact(text))) };
}

/**
 * Returns the text with each inexact numeral as a text that begins with U+0000. Goes from one text in quotes to the next,
 * because numerals stand only between them.
 */
function markInexact(text: string): string {
  let marked = '';
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const stop = quote === -1 ? text.length : quote;
    while (at < stop) {
      if (!startsNumeral(text, at)) {
        at += 1;
        continue;
      }
      const end = endOfNumeral(text, at);
      const numeral = text.slice(at, end);
      if (isInexactNumeral(numeral)) {
        marked += `${text.slice(copied, at)}"\\u0000${numeral}"`;
        copied = end;
      }
      at = end;
    }
    at = quote === -1 ? text.length : endOfString(text, quote);
  }
  return copied === 0 ? text : marked + text.slice(copied);
}

/** Returns the value with a numeral for each mark. Changes its lists and objects. */
function unmarked(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('\u0000')) return new Numeral(value.slice(1));
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  for (const name of Object.keys(members)) members[name] = unmarked(members[name]);
  return value;
}
