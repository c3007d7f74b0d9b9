/** Why the state database cannot be used; `hint` says what to do about it. */
export type StateFailureCode =
  | 'DIRECTORY_IN_USE' // another process of Tereze runs on this data directory
  | 'NO_BINARIES' // no embedded PostgreSQL for this platform
  | 'NO_USER' // root, and no way to run a server as someone else
  | 'START_FAILED'
  | 'MIGRATION_CHANGED'
  | 'MIGRATION_FAILED'
  | 'MIGRATIONS_PENDING'
  | 'NOT_DURABLE'
  | 'NOT_REPLICATED'
  | 'ROLE_TOO_STRONG'
  | 'SESSION_SETTINGS'
  | 'ROLLED_BACK' // the database holds less than the head outside it, or there is no head to compare with
  | 'CLOCKS_DIFFER'
  | 'NOT_RUNNING';

export class StateFailure extends Error {
  readonly code: StateFailureCode;
  readonly hint: string | undefined;
  constructor(code: StateFailureCode, message: string, details: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.name = 'StateFailure';
    this.code = code;
    this.hint = details.hint;
  }
}
