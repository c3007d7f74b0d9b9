import type { FailureReason } from '../../schemas/failures/register-failure.js';

/** A message that does not answer the question. Its text holds nothing of the message. */
export class AnswerRefused extends Error {
  readonly reason: FailureReason;
  /** Whether the register works and does not answer this. */
  readonly isDeclined: boolean;
  constructor(reason: FailureReason, { isDeclined = false } = {}) {
    super(`the answer is refused: ${reason}`);
    this.name = 'AnswerRefused';
    this.reason = reason;
    this.isDeclined = isDeclined;
  }
}
