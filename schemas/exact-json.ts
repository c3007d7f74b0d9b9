import {
  endOfNumeral,
  endOfString,
  EXACT_DIGITS,
  mayBeInexact,
  QUOTE,
  startsNumeral,
  surveyNames,
} from './json-scan.js';
import { Numeral } from './numeral.js';
import { hasSuspectEscape, JsonInvalid, parseSurveyed, parseUnambiguousJson } from './strict-json.js';

/**
 * Parses JSON like `parseUnambiguousJson`, and keeps the source text of each numeral that a number would not tell apart
 * from others: a numeral that a double would round or that has more digits than any double keeps, and one that `String`
 * would write in another way (`19.10`, `3.0`, `-0`, `1e2`) is a {@link Numeral}. All others are numbers.
 *
 * @param text decoded from UTF-8, so that surrogates are lone only if they are escaped.
 * @throws JsonInvalid with the rule that was broken and nothing of the text.
 */
export function parseExactJson(text: string): unknown {
  const survey = surveyNames(text);
  if (survey.hasInexact) return parseMarked(text, markInexact(text), survey);
  const { value, hasLooseNumber } = parseSurveyed(text, survey);
  if (hasLooseNumber) {
    const marked = markInexact(text);
    if (marked !== text) return parseMarked(text, marked, survey);
  }
  return hasSuspectEscape(text) ? parseUnambiguousJson(text) : value;
}

/** Returns the text with each inexact numeral as a text that begins with U+0000. */
function markInexact(text: string): string {
  let marked = '';
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    if (text.charCodeAt(at) === QUOTE) at = endOfString(text, at);
    else if (startsNumeral(text, at)) {
      const end = endOfNumeral(text, at);
      if (mayBeInexact(text, at, end) && isInexact(text.slice(at, end))) {
        marked += `${text.slice(copied, at)}"\\u0000${text.slice(at, end)}"`;
        copied = end;
      }
      at = end;
    } else at += 1;
  }
  return copied === 0 ? text : marked + text.slice(copied);
}

/** RFC 8259, section 6. */
const NUMERAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether a token is a numeral, but not one that `JSON.parse` keeps as it is. */
function isInexact(token: string): boolean {
  const isSame = String(Number(token)) === token;
  if (isSame && token.length <= EXACT_DIGITS) return false;
  return NUMERAL.test(token) && !(isSame && significantDigits(token) <= EXACT_DIGITS);
}

function significantDigits(numeral: string): number {
  return numeral.replace(/e.*$|[-.]/gi, '').replace(/^0+/, '').length;
}

/** Parses a text by its marked form. No text or name of JSON without suspect escapes begins with U+0000. */
function parseMarked(text: string, marked: string, survey: Parameters<typeof parseSurveyed>[1]): unknown {
  if (hasSuspectEscape(text)) parseUnambiguousJson(text);
  return unmarked(parseSurveyed(marked, survey).value);
}

/** Puts a {@link Numeral} in the place of each marked one, in place. */
function unmarked(value: unknown): unknown {
  if (typeof value === 'string') return value.charCodeAt(0) === 0 ? new Numeral(value.slice(1)) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) value[at] = unmarked(value[at]);
    return value;
  }
  const members = value as Record<string, unknown>;
  for (const name in members) {
    // A numeral in the place of a name.
    if (name.charCodeAt(0) === 0) throw new JsonInvalid('syntax');
    const inner = members[name];
    if (typeof inner === 'object' || typeof inner === 'string') members[name] = unmarked(inner);
  }
  return members;
}
