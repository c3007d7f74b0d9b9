import { ERROR_CATALOGUE, type Actor, type ErrorCode } from './errors.js';

/**
 * An answer without data. Thrown anywhere on the way of a request; rendered, recorded and sent by
 * the same two stages as every answer. Holds nothing that the client sent and nothing that a
 * register said; `paths` are paths that the client wrote.
 */
export class Refusal extends Error {
  readonly code: ErrorCode;
  /** Machine-readable ids of what refused: rule, claim, limit. From closed sets. */
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
