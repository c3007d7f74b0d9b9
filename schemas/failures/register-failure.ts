/** What a failed call or field means for the caller, for the breaker and for the steps of a probe. */
export type RegisterFailureKind =
  | 'timeout' // no answer before the deadline
  | 'cancelled' // the answer is no longer wanted: says nothing about the register
  | 'transport' // refused, reset, cut off, no trusted certificate
  | 'overloaded' // 429, 503, bulkhead full
  | 'unavailable' // breaker open, or the call is not allowed any more: no call was made
  | 'denied' // the register does not accept the gateway's credentials, or not for this
  | 'failed' // the register says that it failed (5xx, SQL error, GraphQL error)
  | 'malformed'; // not what the protocol or the mapping promises, or too large

/** What belongs to one reason. */
export interface ReasonFacts {
  /** A call is never `cancelled` for a reason. */
  readonly kind: Exclude<RegisterFailureKind, 'cancelled'>;
  /**
   * Whether callers see the reason in `extensions.reasons`: it tells them about the value that they asked for. The
   * others are about the connection between the gateway and the register, and are for operators.
   */
  readonly isForCallers?: true;
}

/**
 * Why a call of a register, or one field of its answer, failed: the closed list of ids. Log, metrics, audit entries and
 * the probe say these ids and no others. `docs/register-failures.md` explains each of them. An id is never used again
 * for something else.
 */
export const REGISTER_FAILURES = {
  dns_failed: { kind: 'transport' },
  connect_refused: { kind: 'transport' },
  connect_timeout: { kind: 'timeout' },
  connection_cut: { kind: 'transport' },
  tls_untrusted: { kind: 'transport' },
  tls_name_mismatch: { kind: 'transport' },
  tls_expired: { kind: 'transport' },
  tls_client_certificate: { kind: 'transport' },
  redirect_refused: { kind: 'malformed' },
  deadline: { kind: 'timeout' },
  overloaded: { kind: 'overloaded' },
  breaker_open: { kind: 'unavailable' },
  credentials_refused: { kind: 'denied' },
  access_refused: { kind: 'denied' },
  token_refused: { kind: 'denied' },
  status_unexpected: { kind: 'failed' },
  content_type: { kind: 'malformed' },
  charset: { kind: 'malformed' },
  content_encoding: { kind: 'malformed' },
  too_large: { kind: 'malformed' },
  json_invalid: { kind: 'malformed', isForCallers: true },
  json_duplicate_name: { kind: 'malformed', isForCallers: true },
  text_invalid: { kind: 'malformed', isForCallers: true },
  xml_invalid: { kind: 'malformed' },
  xml_doctype: { kind: 'malformed' },
  xml_too_deep: { kind: 'malformed' },
  mtom_unsupported: { kind: 'malformed' },
  envelope_missing: { kind: 'malformed' },
  not_a_list: { kind: 'malformed' },
  key_missing: { kind: 'malformed' },
  key_type: { kind: 'malformed' },
  other_subject: { kind: 'malformed' },
  duplicate_record: { kind: 'malformed' },
  batch_count: { kind: 'malformed' },
  batch_item_error: { kind: 'failed' },
  page_address: { kind: 'malformed' },
  page_limit: { kind: 'malformed' },
  value_type: { kind: 'malformed', isForCallers: true },
  value_precision: { kind: 'malformed', isForCallers: true },
  value_code_unknown: { kind: 'malformed', isForCallers: true },
  discriminator_unknown: { kind: 'malformed', isForCallers: true },
  soap_fault: { kind: 'failed' },
  soap_unexpected: { kind: 'malformed' },
  status_code_unknown: { kind: 'failed' },
  signature_missing: { kind: 'malformed' },
  signature_invalid: { kind: 'malformed' },
  signature_algorithm: { kind: 'malformed' },
  signature_scope: { kind: 'malformed' },
  certificate_untrusted: { kind: 'malformed' },
  timestamp_missing: { kind: 'malformed' },
  timestamp_stale: { kind: 'malformed' },
  response_replayed: { kind: 'malformed' },
  correlation_mismatch: { kind: 'malformed' },
  xroad_error: { kind: 'failed' },
  xroad_header: { kind: 'malformed' },
  hash_mismatch: { kind: 'malformed' },
  sql_denied: { kind: 'denied' },
  sql_failed: { kind: 'failed' },
  schema_drift: { kind: 'failed' },
  row_limit: { kind: 'malformed' },
  graphql_errors: { kind: 'failed' },
  address_agreement_ended: { kind: 'unavailable' },
} as const satisfies Readonly<Record<string, ReasonFacts>>;

export type FailureReason = keyof typeof REGISTER_FAILURES;

/** Returns what belongs to a reason. */
export function factsOf(reason: FailureReason): ReasonFacts {
  return REGISTER_FAILURES[reason];
}
