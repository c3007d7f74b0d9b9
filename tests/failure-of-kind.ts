import { RegisterFailure } from '../adapters/port.js';
import type { FailureReason, RegisterFailureKind } from '../schemas/failures/register-failure.js';

/** A reason of each kind. */
export const REASON_OF_KIND = {
  timeout: 'deadline',
  transport: 'connection_cut',
  overloaded: 'overloaded',
  unavailable: 'breaker_open',
  denied: 'credentials_refused',
  failed: 'sql_failed',
  malformed: 'envelope_missing',
} as const satisfies Readonly<Record<Exclude<RegisterFailureKind, 'cancelled'>, FailureReason>>;

/** Returns a failure of a kind, for tests that are about no certain reason. */
export function failureOfKind(register: string, kind: RegisterFailureKind): RegisterFailure {
  return kind === 'cancelled'
    ? RegisterFailure.cancelled(register)
    : new RegisterFailure(register, REASON_OF_KIND[kind]);
}
