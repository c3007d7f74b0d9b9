import type { RegisterSettings } from '../protocol.js';
import type { ResilienceOptions } from './resilient.js';

/** Calls that may wait, for each call that may be under way. */
const WAITING_PER_PLACE = 4;

/** Returns the resilience that the settings of a register ask for. */
export function resilienceOf({
  timeout_ms: timeoutMs,
  max_in_flight: maxInFlight,
  breaker,
}: Pick<RegisterSettings, 'timeout_ms' | 'max_in_flight' | 'breaker'>): Omit<ResilienceOptions, 'clock' | 'observer'> {
  return {
    timeoutMs,
    maxInFlight,
    maxWaiting: maxInFlight * WAITING_PER_PLACE,
    breaker: {
      volume: breaker.volume,
      failurePercent: breaker.failure_percent,
      windowMs: breaker.window_ms,
      retryAfterMs: breaker.retry_after_ms,
    },
  };
}
