import pg from 'pg';
import { codeOf } from '../../schemas/error-code.js';
import type { RegisterFailureKind } from '../port.js';
import { AnswerTooLarge } from './answer-size.js';

const QUERY_CANCELED = '57014';
const INSUFFICIENT_PRIVILEGE = '42501';

/** Returns the failure kind of a failed statement or connection, by SQLSTATE class (PostgreSQL manual, appendix A). */
export function failureKindOf(error: unknown): RegisterFailureKind {
  if (error instanceof AnswerTooLarge) return 'malformed';
  const code = codeOf(error);
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return isOutOfProtocol(error) ? 'malformed' : 'transport';
  if (code === QUERY_CANCELED) return 'timeout';
  if (code.startsWith('28') || code === INSUFFICIENT_PRIVILEGE) return 'denied';
  if (code.startsWith('53')) return 'overloaded';
  return code.startsWith('08') || code.startsWith('57') ? 'transport' : 'failed';
}

/** The driver's error name for a message outside the protocol: a server error without an SQLSTATE. */
function isOutOfProtocol(error: unknown): boolean {
  return error instanceof pg.DatabaseError;
}
