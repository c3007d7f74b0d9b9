import { LRUCache } from 'lru-cache';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CounterName, DurationName, GaugeName, Labels } from '../schemas/ports/observer.js';
import { mayBePersonal } from './personal.js';

interface MetricDescription {
  readonly help: string;
  readonly labels: readonly string[];
}

/** Every counter, with its labels. Label values come from closed sets; never a caller's or a register's text. */
const COUNTERS: Readonly<Record<CounterName, MetricDescription>> = {
  tereze_requests_total: { help: 'Requests by surface and outcome.', labels: ['surface', 'outcome', 'code'] },
  tereze_register_calls_total: { help: 'Calls to registers.', labels: ['register', 'outcome'] },
  tereze_register_failures_total: {
    help: 'Calls to registers that failed, or whose answer had fields that failed, by the reason.',
    labels: ['register', 'operation', 'reason'],
  },
  tereze_address_agreement_warnings_total: {
    help: 'Starts and calls within 30 days of the end of an agreement that an identifier may be in an address.',
    labels: ['register', 'operation'],
  },
  tereze_decisions_total: { help: 'Decisions on requests.', labels: ['purpose', 'outcome'] },
  tereze_withheld_total: { help: 'Fields withheld.', labels: ['code'] },
  tereze_records_total: { help: 'Records judged.', labels: ['register', 'verdict'] },
  tereze_audit_entries_total: { help: 'Entries handed to the audit log.', labels: ['kind'] },
  tereze_unauthenticated_total: { help: 'Refusals before authentication.', labels: ['code'] },
  tereze_connections_ended_total: {
    help: 'Connections that the gateway ended, by the reason: idle, silent, slow, gave way to another.',
    labels: ['reason'],
  },
  tereze_breaker_events_total: { help: 'What circuit breakers did.', labels: ['register', 'event'] },
  tereze_reloads_total: { help: 'Reloads of schemas, rules and documents, by how they ended.', labels: ['outcome'] },
  tereze_anchor_rounds_total: {
    help: 'Attempts to bring a place of the anchor up to date, by outcome: ok, or why the place failed.',
    labels: ['place', 'outcome'],
  },
  tereze_audit_anchor_proofs_total: {
    help: 'Proofs of checkpoints that were asked for outside, by anchor and outcome: ok, or why there is none.',
    labels: ['anchor', 'outcome'],
  },
  tereze_audit_sink_batches_total: {
    help: 'Batches of entries for a sink, by outcome: delivered, or why not.',
    labels: ['sink', 'outcome'],
  },
  tereze_detection_alerts_total: { help: 'Alerts of detection that were written.', labels: ['rule', 'severity'] },
};

const DURATIONS: Readonly<Record<DurationName, MetricDescription>> = {
  tereze_stage_seconds: { help: 'Time of each stage.', labels: ['stage'] },
  tereze_register_call_seconds: { help: 'Time of calls to registers.', labels: ['register'] },
  tereze_audit_commit_seconds: { help: 'Time of commits to the audit log.', labels: [] },
};

/** Present values. Of several processes that share a database, the lowest counts. */
const GAUGES: Readonly<Record<GaugeName, { readonly help: string; readonly labels?: readonly string[] }>> = {
  tereze_state_standbys_required: { help: 'Standbys of the state database that a commit waits for.' },
  tereze_state_standbys_connected: {
    help: 'Connected standbys that could be among these. Where it is not above the number required, losing one stops every question.',
  },
  tereze_audit_rederivation_age_seconds: {
    help: 'Time since which every row of the audit log was compared with its bytes. Above a day, no replica compares.',
  },
  tereze_audit_partition_months: {
    help: 'Months, from this one on, for which the audit log has partitions. Below 3, run tereze db migrate.',
  },
  tereze_audit_anchor_age_seconds: {
    help: 'Age of the oldest entry of the audit log that no anchor proves; 0 if there is none. Without an anchor it is not shown.',
  },
  tereze_audit_checkpoint_lag_seconds: {
    help: 'For how long entries of the audit log have waited for a signed checkpoint. Above ten seconds, none is signed.',
  },
  tereze_audit_sink_lag_seconds: {
    help: 'Age of the oldest entry that a sink has not acknowledged; 0 if it has all.',
    labels: ['sink'],
  },
  tereze_detection_lag_seconds: {
    help: 'Age of the oldest entry that detection has not followed, or of the oldest alert that is not written. Above a minute, alerts are late.',
  },
  tereze_approvals_pending: { help: 'Requests of officers that wait for the approval of a second officer.' },
  tereze_audit_findings: {
    help: 'Rows of the audit log that differ from their bytes or are missing. Above zero, someone changed the database.',
  },
};

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The gateway's metrics in a registry of their own. */
export interface Metrics {
  count(name: CounterName, labels: Labels, added?: number): void;
  duration(name: DurationName, seconds: number, labels: Labels): void;
  gauge(name: GaugeName, value: number, labels?: Labels): void;
  /** Prometheus text format. */
  text(): Promise<string>;
  readonly contentType: string;
  /** The registry of prom-client, for a process that collects the metrics of several processes. */
  readonly registry: Registry;
}

/** Checked label values, so that each is checked once. Normally there are few; the bound keeps callers from making them many. */
const REMEMBERED_WORDS = 1_000;

export function createMetrics(): Metrics {
  const words = new LRUCache<string, string>({ max: REMEMBERED_WORDS });
  const closed = (value: string): string => {
    let word = words.get(value);
    if (word === undefined) words.set(value, (word = closedWord(value)));
    return word;
  };
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = mapValues(
    COUNTERS,
    (name, { help, labels }) => new Counter({ name, help, labelNames: labels, registers: [registry] }),
  );
  const durations = mapValues(
    DURATIONS,
    (name, { help, labels }) =>
      new Histogram({ name, help, labelNames: labels, buckets: BUCKETS, registers: [registry] }),
  );
  const gauges = new Map<GaugeName, Gauge>();
  // A gauge that was never set would say zero.
  const gauge = (name: GaugeName): Gauge => {
    const { help, labels = [] } = GAUGES[name];
    const found =
      gauges.get(name) ?? new Gauge({ name, help, labelNames: labels, aggregator: 'min', registers: [registry] });
    gauges.set(name, found);
    return found;
  };
  return {
    count: (name, labels, added) => counters[name].inc(known(COUNTERS[name], labels, closed), added),
    duration: (name, seconds, labels) => {
      if (Number.isFinite(seconds)) durations[name].observe(known(DURATIONS[name], labels, closed), seconds);
    },
    gauge: (name, value, labels = {}) => gauge(name).set(known({ labels: [], ...GAUGES[name] }, labels, closed), value),
    text: () => registry.metrics(),
    contentType: registry.contentType,
    registry,
  };
}

/** Returns the declared labels and no others. A missing label is `none`, so that prom-client does not throw. */
function known(
  { labels }: MetricDescription,
  given: Labels,
  closed: (value: string) => string,
): Record<string, string> {
  const made: Record<string, string> = {};
  for (const label of labels) made[label] = closed(given[label] ?? 'none');
  return made;
}

/** The shape of a word of a closed set: no free text, and no person's number. */
const WORD = /^[A-Za-z][\w.:-]{0,63}$/;

function closedWord(value: string): string {
  return WORD.test(value) && !mayBePersonal(value) ? value : 'other';
}

function mapValues<Key extends string, Value, Made>(
  values: Readonly<Record<Key, Value>>,
  make: (key: Key, value: Value) => Made,
): Readonly<Record<Key, Made>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, make(key as Key, value as Value)]),
  ) as Record<Key, Made>;
}
