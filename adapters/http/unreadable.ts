import type { FailureReason } from '../../schemas/failures/register-failure.js';

/** A reply that is no answer. */
export class Unreadable extends Error {
  readonly reason: FailureReason;
  /** How long the register wants to be left alone, where it said so. */
  readonly retryAfterMs: number | undefined;
  /** Whether the register works and declines this call (`RegisterDeclined`). */
  readonly isDeclined: boolean;
  constructor(
    reason: FailureReason,
    {
      afterMs,
      isDeclined = false,
    }: { readonly afterMs?: number | undefined; readonly isDeclined?: boolean | undefined } = {},
  ) {
    super(reason);
    this.reason = reason;
    this.retryAfterMs = afterMs;
    this.isDeclined = isDeclined;
  }
}
