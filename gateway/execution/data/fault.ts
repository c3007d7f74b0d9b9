import type { ErrorCode } from '../../../schemas/errors.js';
import { RegisterFailure } from '../../../adapters/port.js';
import { factsOf, type FailureReason, type RegisterFailureKind } from '../../../schemas/failures/register-failure.js';

/** Why a value of the answer is missing. */
export interface Fault {
  readonly code: ErrorCode;
  /** Register that failed. */
  readonly serviceName?: string;
  /** Set when the value is withheld: the category that is missing its basis. */
  readonly category?: string;
  /** Sealed token with which the agency can ask the citizen for consent. */
  readonly consentRequest?: string;
  /** Which rules the register's answer, or the value, broke. */
  readonly reasons?: readonly string[];
  /** When the register wants to be asked again, RFC 3339 in UTC, if it said so. */
  readonly retryAt?: string;
}

const CODES: Readonly<Record<RegisterFailureKind, ErrorCode>> = {
  timeout: 'GATEWAY_TIMEOUT',
  cancelled: 'GATEWAY_TIMEOUT',
  transport: 'DOWNSTREAM_SERVICE_ERROR',
  overloaded: 'REGISTER_UNAVAILABLE',
  unavailable: 'REGISTER_UNAVAILABLE',
  denied: 'DOWNSTREAM_SERVICE_ERROR',
  failed: 'DOWNSTREAM_SERVICE_ERROR',
  malformed: 'REGISTER_MALFORMED_RESPONSE',
};

export function registerFault(register: string, kind: RegisterFailureKind): Fault {
  return { code: CODES[kind], serviceName: register };
}

/** Returns the fault of a call or field that failed for this reason. It says the reason only if it is for callers. */
export function reasonFault(register: string, reason: FailureReason): Fault {
  const { kind, isForCallers } = factsOf(reason);
  const fault = registerFault(register, kind);
  return isForCallers === true ? { ...fault, reasons: [reason] } : fault;
}

/** Returns the fault of a value that is not of its type. `rule`: id of the rule that it broke. */
export function wrongValueFault(register: string, rule: string): Fault {
  return { ...registerFault(register, 'malformed'), reasons: [rule] };
}

/** Returns the fault of what was not asked for because another value is missing. It does not say which: the caller may not know of that value. */
export function faultWithoutReasons(fault: Fault): Fault {
  return fault.reasons === undefined ? fault : { ...fault, reasons: [] };
}

/**
 * Returns the fault of a call that was rejected. `now`: real time. A value that is not a `RegisterFailure` counts as a
 * failure of the register.
 */
export function callFault(register: string, thrown: unknown, now: Date): Fault {
  if (!(thrown instanceof RegisterFailure)) return registerFault(register, 'failed');
  const { kind, reason, retryAfterMs } = thrown;
  const fault = reason === undefined ? registerFault(register, kind) : reasonFault(register, reason);
  return retryAfterMs === undefined ? fault : { ...fault, retryAt: later(now, retryAfterMs) };
}

/** Returns an instant in whole seconds, none of them too early. */
function later(now: Date, milliseconds: number): string {
  return new Date(Math.ceil((now.getTime() + milliseconds) / 1000) * 1000).toISOString();
}

export function isWithheld(fault: Fault): fault is Fault & { readonly category: string } {
  return fault.category !== undefined;
}
