import type { RegisterFailure } from '../../adapters/port.js';
import { FAILURE_ADVICE, type Advice } from '../../schemas/failures/register-failure-advice.js';
import type { FailureReason } from '../../schemas/failures/register-failure.js';

export const STEPS = ['reach', 'authenticate', 'read', 'contract'] as const;

/** One step of a probe. The steps are in order; after a step that failed, no other is tried. */
export interface ProbeStep {
  readonly step: (typeof STEPS)[number];
  /** `unknown`: it was not tried, or what came proves it neither way. */
  readonly result: 'ok' | 'failed' | 'unknown';
  /** Whether the result is `ok`. */
  readonly holds: boolean;
  /** What was found, in words; never a value of a record. */
  readonly found: string;
  /** Why the step failed: an id of docs/register-failures.md. */
  readonly reason?: FailureReason;
  /** Where in the answer: a JSON pointer or a path of elements, without values. */
  readonly at?: string;
  readonly advice?: Advice;
}

export function okStep(step: ProbeStep['step'], found: string): ProbeStep {
  return { step, result: 'ok', holds: true, found };
}

export function unknownStep(step: ProbeStep['step'], found = 'not tried'): ProbeStep {
  return { step, result: 'unknown', holds: false, found };
}

export function failedStep(step: ProbeStep['step'], found: string, reason?: FailureReason, at?: string): ProbeStep {
  return {
    step,
    result: 'failed',
    holds: false,
    found,
    ...(reason === undefined ? {} : { reason, advice: FAILURE_ADVICE[reason] }),
    ...(at === undefined ? {} : { at }),
  };
}

export const REACHED = okStep('reach', 'it answers');
export const AUTHENTICATED = okStep('authenticate', 'it takes the credentials');

/**
 * How far a failed call came.
 * - `not_called`: nothing was sent to the register.
 * - `unreached`: no answer of the register.
 * - `refused`: it answers, and does not take the credentials.
 * - `answered`: it answers, and that proves nothing about the credentials: a page of a proxy, a 500, a Fault.
 * - `accepted`: it answers the question, so that it has taken the credentials.
 */
type Proof = 'not_called' | 'unreached' | 'refused' | 'answered' | 'accepted';

const PROOFS: Readonly<Record<FailureReason, Proof>> = {
  dns_failed: 'unreached',
  connect_refused: 'unreached',
  connect_timeout: 'unreached',
  connection_cut: 'unreached',
  tls_untrusted: 'unreached',
  tls_name_mismatch: 'unreached',
  tls_expired: 'unreached',
  tls_client_certificate: 'refused',
  redirect_refused: 'answered',
  deadline: 'unreached',
  overloaded: 'answered',
  breaker_open: 'not_called',
  credentials_refused: 'refused',
  access_refused: 'refused',
  token_refused: 'refused',
  status_unexpected: 'answered',
  content_type: 'answered',
  charset: 'answered',
  content_encoding: 'answered',
  too_large: 'answered',
  json_invalid: 'answered',
  json_duplicate_name: 'answered',
  text_invalid: 'answered',
  xml_invalid: 'answered',
  xml_doctype: 'answered',
  xml_too_deep: 'answered',
  mtom_unsupported: 'answered',
  envelope_missing: 'answered',
  not_a_list: 'answered',
  key_missing: 'accepted',
  key_type: 'accepted',
  other_subject: 'accepted',
  duplicate_record: 'accepted',
  batch_count: 'accepted',
  batch_item_error: 'accepted',
  page_address: 'accepted',
  page_limit: 'accepted',
  value_type: 'accepted',
  value_precision: 'accepted',
  value_code_unknown: 'accepted',
  discriminator_unknown: 'accepted',
  soap_fault: 'answered',
  soap_unexpected: 'answered',
  status_code_unknown: 'answered',
  signature_missing: 'answered',
  signature_invalid: 'answered',
  signature_algorithm: 'answered',
  signature_scope: 'answered',
  certificate_untrusted: 'answered',
  timestamp_missing: 'answered',
  timestamp_stale: 'answered',
  response_replayed: 'answered',
  correlation_mismatch: 'answered',
  xroad_error: 'answered',
  xroad_header: 'answered',
  hash_mismatch: 'answered',
  sql_denied: 'accepted',
  sql_failed: 'accepted',
  schema_drift: 'accepted',
  row_limit: 'accepted',
  graphql_errors: 'answered',
  address_agreement_ended: 'not_called',
};

const UNPROVEN = unknownStep('authenticate', 'the answer does not say');

/** Returns whether an answer that failed for these reasons proves that the credentials are taken. */
export function authenticationAfter(reasons: readonly FailureReason[]): ProbeStep {
  return reasons.every((reason) => PROOFS[reason] === 'accepted') ? AUTHENTICATED : UNPROVEN;
}

/** Returns the steps of a call that failed as a whole. */
export function stepsOfFailure({ kind, reason, at }: RegisterFailure): readonly ProbeStep[] {
  if (reason === undefined)
    return [
      ...[...STEPS].slice(0, 2).map((step) => unknownStep(step)),
      failedStep('read', kind === 'cancelled' ? 'broken off' : 'a defect of the gateway; its log says more'),
      unknownStep('contract'),
    ];
  const failed = (step: ProbeStep['step']): ProbeStep => failedStep(step, reason, reason, at);
  switch (PROOFS[reason]) {
    case 'not_called':
      return [
        unknownStep('reach', 'no call was made'),
        unknownStep('authenticate'),
        failed('read'),
        unknownStep('contract'),
      ];
    case 'unreached':
      return [failed('reach'), unknownStep('authenticate'), unknownStep('read'), unknownStep('contract')];
    case 'refused':
      return [REACHED, failed('authenticate'), unknownStep('read'), unknownStep('contract')];
    case 'answered':
      return [REACHED, UNPROVEN, failed('read'), unknownStep('contract')];
    case 'accepted':
      return [REACHED, AUTHENTICATED, failed('read'), unknownStep('contract')];
  }
}
