import { Numeral } from '../../schemas/numeral.js';
import { Refusal } from '../../schemas/refusal.js';
import { JsonInvalid, parseStrictJson as parse } from '../../schemas/strict-json.js';

/**
 * Parses the JSON of a caller. A numeral that a double would round is Infinity, which no other numeral can
 * be: what reads the number refuses it, and nothing goes on with another number than the caller sent.
 *
 * @throws Refusal `INVALID_JSON` with the rule that was broken and nothing of the text.
 */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  try {
    const value = parse(text, maxDepth);
    return MAYBE_ROUNDED.test(text) ? (JSON.parse(withoutRounded(text)) as unknown) : value;
  } catch (error) {
    throw error instanceof JsonInvalid ? new Refusal('INVALID_JSON', { reasons: [error.rule] }) : error;
  }
}

/** A double has 15 digits of any numeral (IEEE 754, binary64). */
const MAYBE_ROUNDED = /[\d.]{16}|\d[eE]/;
/** Texts and numerals of a valid JSON. */
const TEXT_OR_NUMERAL = /"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g;
/** Beyond a double: `JSON.parse` reads Infinity. */
const INFINITE = '1e999';

function withoutRounded(text: string): string {
  return text.replaceAll(TEXT_OR_NUMERAL, (token) =>
    token.startsWith('"') || new Numeral(token).exactNumber() !== undefined ? token : INFINITE,
  );
}
