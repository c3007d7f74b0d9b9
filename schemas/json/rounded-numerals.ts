import { Numeral } from '../numeral.js';

/** A double has 15 digits of any numeral (IEEE 754, binary64). */
const MAYBE_ROUNDED = /[\d.]{16}|\d[eE]/;
/** Texts and numerals of a valid JSON. */
const TEXT_OR_NUMERAL = /"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g;

/** Returns a valid JSON with `instead` for every numeral that `JSON.parse` would round; the same text if there is none. */
export function replaceRounded(json: string, instead: string): string {
  if (!MAYBE_ROUNDED.test(json)) return json;
  return json.replaceAll(TEXT_OR_NUMERAL, (token) =>
    token.startsWith('"') || new Numeral(token).exactNumber() !== undefined ? token : instead,
  );
}
