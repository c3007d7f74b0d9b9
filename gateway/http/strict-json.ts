import { Refusal } from '../../schemas/refusal.js';
import { replaceRounded } from '../../schemas/json/rounded-numerals.js';
import { JsonInvalid, parseStrictJson as parse } from '../../schemas/json/strict-json.js';

/** Beyond a double: `JSON.parse` reads Infinity. */
const INFINITE = '1e999';

/**
 * Parses the JSON of a caller. A numeral that a double would round is Infinity, which no other numeral can
 * be: what reads the number refuses it, and nothing goes on with another number than the caller sent.
 *
 * @throws Refusal `INVALID_JSON` with the rule that was broken and nothing of the text.
 */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  try {
    const value = parse(text, maxDepth);
    const exact = replaceRounded(text, INFINITE);
    return exact === text ? value : (JSON.parse(exact) as unknown);
  } catch (error) {
    throw error instanceof JsonInvalid ? new Refusal('INVALID_JSON', { reasons: [error.rule] }) : error;
  }
}
