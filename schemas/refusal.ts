import { ERROR_CATALOGUE, type Actor, type ErrorCode } from './errors.js';

/** What a refusal says beside its code. */
export interface RefusalDetails {
  readonly reasons?: readonly string[];
  readonly paths?: readonly (readonly (string | number)[])[];
  readonly variables?: readonly RefusedVariable[];
  readonly categories?: readonly string[];
  readonly retryAfterS?: number;
  readonly endsAt?: string;
  readonly acrValues?: readonly string[];
  readonly cause?: unknown;
}

/** A variable that a refusal is about: its name for the caller who wrote it, and its name for the log. */
export interface RefusedVariable {
  readonly written: string;
  readonly logged: string;
}

/**
 * An answer without data. Any stage may throw it; the same two stages record and send it as every answer.
 * It holds nothing that the client sent, except `paths` and names of variables, which the client wrote,
 * and nothing that a register said.
 */
export class Refusal extends Error {
  readonly code: ErrorCode;
  /** Ids of the reasons as the caller sees them: rule, claim, limit, from closed sets; and names of variables. */
  readonly reasons: readonly string[];
  /** The same reasons for the log, which keeps no name that a client chose freely. */
  readonly loggedReasons: readonly string[];
  /** Categories that the caller may not have. For the log only: no answer names them. */
  readonly categories: readonly string[];
  /** Response paths that the client wrote and that this concerns. */
  readonly paths: readonly (readonly (string | number)[])[];
  /** Seconds after which the same request may succeed, if that is known. */
  readonly retryAfterS: number | undefined;
  /** When what refused ends, ISO 8601 in UTC, if that is known and the caller is a person who may want to know. */
  readonly endsAt: string | undefined;
  /** Values of `acr` with one of which a token would be accepted (RFC 9470). For the challenge; from the configuration. */
  readonly acrValues: readonly string[];

  constructor(
    code: ErrorCode,
    {
      reasons = [],
      paths = [],
      variables = [],
      categories = [],
      retryAfterS,
      endsAt,
      acrValues = [],
      cause,
    }: RefusalDetails = {},
  ) {
    super(ERROR_CATALOGUE[code].text.en, { cause });
    this.name = 'Refusal';
    this.code = code;
    this.reasons = [...reasons, ...variables.map(({ written }) => written)];
    this.loggedReasons = [...reasons, ...variables.map(({ logged }) => logged)];
    this.categories = categories;
    this.paths = paths;
    this.retryAfterS = retryAfterS;
    this.endsAt = endsAt;
    this.acrValues = acrValues;
  }

  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }

  get actor(): Actor {
    return ERROR_CATALOGUE[this.code].actor;
  }
}
