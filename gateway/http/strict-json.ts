import { Refusal } from '../../schemas/refusal.js';
import { JsonInvalid, parseStrictJson as parse } from '../../schemas/strict-json.js';

/** Parses the JSON of a caller. @throws Refusal `INVALID_JSON` with the rule that was broken and nothing of the text. */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  try {
    return parse(text, maxDepth);
  } catch (error) {
    throw error instanceof JsonInvalid ? new Refusal('INVALID_JSON', { reasons: [error.rule] }) : error;
  }
}
