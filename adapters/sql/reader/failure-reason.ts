import pg from 'pg';
import { codeOf } from '../../../schemas/error-code.js';
import type { FailureReason } from '../../../schemas/failures/register-failure.js';
import { JsonInvalid } from '../../../schemas/json/strict-json.js';
import { connectionReason } from '../../../schemas/failures/connection-reason.js';
import { AnswerTooLarge } from './answer-size.js';
import { ArrayInvalid } from './decode-array.js';

/** Of the standard, of PostgreSQL and of its languages. Codes of the system (`EPIPE`) begin in another way. */
const SQLSTATE = /^(?:\d|F0|HV|P0|XX)[0-9A-Z]{3,4}$/;

const QUERY_CANCELED = '57014';
const INSUFFICIENT_PRIVILEGE = '42501';

/** The table or a column is not as the mapping says: undefined table, column, schema, function; another type. */
const DRIFT: ReadonlySet<string> = new Set(['42P01', '42703', '3F000', '42883', '42804', '42809']);

/** Returns why a statement or connection failed, by SQLSTATE class (PostgreSQL manual, appendix A) or code of the system. */
export function failureReasonOf(error: unknown): FailureReason {
  if (error instanceof AnswerTooLarge) return 'too_large';
  if (error instanceof JsonInvalid) return error.rule === 'duplicate_name' ? 'json_duplicate_name' : 'json_invalid';
  if (error instanceof ArrayInvalid) return 'value_type';
  const code = codeOf(error);
  if (code === undefined || !SQLSTATE.test(code))
    return isOutOfProtocol(error) ? 'content_type' : connectionReason(code);
  if (code === QUERY_CANCELED) return 'deadline';
  if (code.startsWith('28')) return 'credentials_refused';
  if (code === INSUFFICIENT_PRIVILEGE) return 'sql_denied';
  if (code.startsWith('53')) return 'overloaded';
  if (code.startsWith('08') || code.startsWith('57')) return 'connection_cut';
  return DRIFT.has(code) ? 'schema_drift' : 'sql_failed';
}

/** The driver's error name for a message outside the protocol: a server error without an SQLSTATE. */
function isOutOfProtocol(error: unknown): boolean {
  return error instanceof pg.DatabaseError;
}
