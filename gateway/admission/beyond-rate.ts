import { Refusal } from '../../schemas/refusal.js';
import type { Caller } from '../../schemas/vocabulary.js';

/** The refusal of a request whose caller is beyond its rate. */
export class BeyondRate extends Refusal {
  /** Whose rate it is: the caller that the verified token names. */
  readonly caller: Caller;

  /** @param waitMs milliseconds until the caller's next request is within its rate. */
  constructor(caller: Caller, waitMs: number) {
    super('RATE_LIMITED', { retryAfterS: Math.ceil(waitMs / 1_000) });
    this.caller = caller;
  }
}
