import { ERROR_CATALOGUE, type Actor, type ErrorCode } from './errors.js';

/**
 * An answer without data. Any stage may throw it; the same two stages record and send it as every answer.
 * It holds nothing that the client sent, except `paths`, which the client wrote, and nothing that a
 * register said.
 */
export class Refusal extends Error {
  readonly code: ErrorCode;
  /** Machine-readable ids of the reasons: rule, claim, limit. From closed sets. */
  readonly reasons: readonly string[];
  /** Response paths that the client wrote and that this concerns. */
  readonly paths: readonly (readonly (string | number)[])[];

  constructor(
    code: ErrorCode,
    details: { reasons?: readonly string[]; paths?: readonly (readonly (string | number)[])[]; cause?: unknown } = {},
  ) {
    super(ERROR_CATALOGUE[code].text.en, { cause: details.cause });
    this.name = 'Refusal';
    this.code = code;
    this.reasons = details.reasons ?? [];
    this.paths = details.paths ?? [];
  }

  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }

  get actor(): Actor {
    return ERROR_CATALOGUE[this.code].actor;
  }
}
