/**
 * Time. Two clocks: *fact time* for freshness, age and periods (in the demo it stands at the
 * country's date), *real time* for tokens, consents and the log.
 *
 * Contract: `monotonic` never goes back; nothing in Tereze reads the time in any other way.
 */
export interface Clock {
  /** Real time. */
  now(): Date;
  /** Fact time. */
  factNow(): Date;
  /** The civil date of fact time in the jurisdiction's zone, `YYYY-MM-DD`. */
  factDate(): string;
  /** Milliseconds since an arbitrary start; for deadlines and durations. */
  monotonic(): number;
}
