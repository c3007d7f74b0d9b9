import {
  endOfNumeral,
  endOfString,
  EXACT_DIGITS,
  mayBeInexact,
  MINUS,
  NINE,
  POINT,
  startsNumeral,
  surveyNames,
  ZERO,
  type NameSurvey,
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
  if (survey.inexact.length > 0) return parseInexact(text, survey);
  const { value, hasLooseNumber } = parseSurveyed(text, survey);
  if (hasLooseNumber) {
    const marked = markInexact(text);
    if (marked !== text) return parseMarked(text, marked, survey).value;
  }
  return hasSuspectEscape(text) ? parseUnambiguousJson(text) : value;
}

/**
 * Marks the numerals after names where the survey saw them. One that it saw inside of a text makes the marked text no JSON,
 * because its mark ends that text and goes on with a backslash. Such a text, and one with numbers in lists, is looked
 * through from its beginning.
 */
function parseInexact(text: string, survey: NameSurvey): unknown {
  try {
    const { value, hasLooseNumber } = parseMarked(text, markAt(text, survey.inexact), survey);
    if (!hasLooseNumber) return value;
  } catch (error) {
    if (!(error instanceof JsonInvalid) || error.rule !== 'syntax') throw error;
  }
  return parseMarked(text, markInexact(text), survey).value;
}

/** Returns the text with those of these numerals that are inexact as texts that begin with U+0000. */
function markAt(text: string, starts: readonly number[]): string {
  let marked = '';
  let copied = 0;
  for (const start of starts) {
    const end = endOfNumeral(text, start);
    if (!isInexactAt(text, start, end)) continue;
    marked += `${text.slice(copied, start)}"\\u0000${text.slice(start, end)}"`;
    copied = end;
  }
  return copied === 0 ? text : marked + text.slice(copied);
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
      if (mayBeInexact(text, at, end) && isInexactAt(text, at, end)) {
        marked += `${text.slice(copied, at)}"\\u0000${text.slice(at, end)}"`;
        copied = end;
      }
      at = end;
    }
    at = quote === -1 ? text.length : endOfString(text, quote);
  }
  return copied === 0 ? text : marked + text.slice(copied);
}

/** Whether the characters from `start` to `end` are a numeral, but not one that `JSON.parse` keeps as it is. */
function isInexactAt(text: string, start: number, end: number): boolean {
  const isPlain = plainNumeral(text, start, end);
  return isPlain ?? isInexact(text.slice(start, end));
}

/**
 * Whether a numeral without an exponent is inexact: a zero at the end of a fraction, which `String` does not write, or
 * more digits than a double keeps. Undefined for anything else: this only spares the slow look at plain numerals.
 */
function plainNumeral(text: string, start: number, end: number): boolean | undefined {
  let at = start;
  if (text.charCodeAt(at) === MINUS) at += 1;
  if (text.charCodeAt(at) === ZERO) return undefined;
  const whole = at;
  let point = -1;
  for (; at < end; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === POINT && point === -1 && at > whole) point = at;
    else if (unit < ZERO || unit > NINE) return undefined;
  }
  if (point === end - 1) return undefined;
  if (point === -1) return end - whole > EXACT_DIGITS;
  return end - whole - 1 > EXACT_DIGITS || text.charCodeAt(end - 1) === ZERO;
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
function parseMarked(text: string, marked: string, survey: NameSurvey): ReturnType<typeof parseSurveyed> {
  if (hasSuspectEscape(text)) parseUnambiguousJson(text);
  return parseSurveyed(marked, survey, undefined, (mark) => new Numeral(mark.slice(1)));
}
