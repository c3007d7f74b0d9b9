import type { FailureReason } from './register-failure.js';
import type { JsonRule } from '../json/strict-json.js';

/** The reason of a failure for each rule of JSON that an answer broke. */
export const JSON_REASONS: Readonly<Record<JsonRule, FailureReason>> = {
  syntax: 'json_invalid',
  depth: 'json_invalid',
  name: 'json_invalid',
  number: 'json_invalid',
  duplicate_name: 'json_duplicate_name',
  control_character: 'text_invalid',
  surrogate: 'text_invalid',
};
