/**
 * Log lines, counters and durations of all rooms.
 *
 * Contract: never throws, never blocks; fields and labels never hold a personal identifier, a
 * variable's value or a text that a client or a register wrote. Labels come from closed sets.
 */
export interface Observer {
  log(level: LogLevel, event: string, fields?: LogFields): void;
  /** Adds to a counter: one, or a number above zero. */
  count(metric: CounterName, labels?: Labels, added?: number): void;
  /** Records a duration in seconds. */
  duration(metric: DurationName, seconds: number, labels?: Labels): void;
  /** Sets what a value is at present. */
  gauge(metric: GaugeName, value: number, labels?: Labels): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
export type Labels = Readonly<Record<string, string>>;

/** Counters (Prometheus adds nothing to the names). */
export type CounterName =
  | 'tereze_requests_total' // surface, outcome (answered|refused|failed), code
  | 'tereze_register_calls_total' // register, outcome
  | 'tereze_register_failures_total' // register, operation, reason
  | 'tereze_address_agreement_warnings_total' // register, operation
  | 'tereze_decisions_total' // purpose, outcome
  | 'tereze_withheld_total' // code
  | 'tereze_records_total' // register, verdict
  | 'tereze_audit_entries_total' // kind
  | 'tereze_unauthenticated_total'
  | 'tereze_connections_ended_total' // code
  | 'tereze_breaker_events_total' // register, event
  | 'tereze_reloads_total' // outcome (reloaded|refused)
  | 'tereze_anchor_rounds_total' // place, outcome (ok, or why the place failed)
  | 'tereze_audit_anchor_proofs_total' // anchor, outcome (ok, or why there is no proof)
  | 'tereze_audit_sink_batches_total' // sink, outcome (delivered, or why not)
  | 'tereze_detection_alerts_total'; // rule, severity

/** What is true at present, as a number. */
export type GaugeName =
  | 'tereze_state_standbys_required' // standbys that a commit waits for
  | 'tereze_state_standbys_connected' // standbys that could be among these
  | 'tereze_audit_rederivation_age_seconds' // since when every row of the audit log was compared with its bytes
  | 'tereze_audit_anchor_age_seconds' // age of the oldest entry that no anchor proves
  | 'tereze_audit_checkpoint_lag_seconds' // for how long entries have waited for a signed checkpoint
  | 'tereze_approvals_pending' // requests that wait for a second officer
  | 'tereze_audit_findings' // rows of the audit log that differ from their bytes or are missing
  | 'tereze_audit_partition_months' // months for which the audit log has partitions
  | 'tereze_audit_sink_lag_seconds' // sink; age of the oldest entry that it has not acknowledged
  | 'tereze_detection_lag_seconds'; // age of the oldest entry that detection has not followed, or alert that is not written

export type DurationName =
  | 'tereze_stage_seconds' // stage
  | 'tereze_register_call_seconds' // register
  | 'tereze_audit_commit_seconds';
