import type { ActBody } from './entries/act.js';
import type { AlertBody } from './entries/alert.js';
import type { ApprovalBody } from './entries/approval.js';
import type { AuditReadBody, AuditReadEndBody } from './entries/audit-read.js';
import type { CompletionBody } from './entries/completion.js';
import type { IntentBody } from './entries/intent.js';
import type { RefusalBody } from './entries/refusal.js';
import type { RefusalsBody } from './entries/refusals.js';
import type { RetentionBody } from './entries/retention.js';
import type { SinkBody } from './entries/sink.js';
import type { StateBody } from './entries/state.js';
import type { Stored } from './entries/stored.js';

export * from './entries/act.js';
export * from './entries/alert.js';
export * from './entries/approval.js';
export * from './entries/audit-read.js';
export * from './entries/every-entry.js';
export * from './entries/completion.js';
export * from './entries/intent.js';
export * from './entries/nexus.js';
export * from './entries/refusal.js';
export * from './entries/refusals.js';
export * from './entries/request.js';
export * from './entries/call-ids.js';
export * from './entries/retention.js';
export * from './entries/sink.js';
export * from './entries/state.js';
export * from './entries/stored.js';
export * from './entries/subject.js';

/**
 * Entries of the audit log, version 4. `entries/` has a file for each kind, with the function that builds it. Stored
 * bytes never change. A new field means a new `schemaVersion`; readers accept all versions: 1 had no `protected`, 1 and 2
 * no `callIds`, no `planned` and a disclosure for each consent, 1 to 3 commit to people's identifiers alone and state no
 * `configuration`. Every text is from a closed set, a hash, an id, or a text that the rule for callers' texts let pass: never a name, a person's number, the value of a variable or the words of a register.
 */
export type EntryBody =
  | IntentBody
  | CompletionBody
  | RefusalBody
  | RefusalsBody
  | ActBody
  | StateBody
  | SinkBody
  | AuditReadBody
  | AuditReadEndBody
  | RetentionBody
  | AlertBody
  | ApprovalBody;

/** A body as the log may hold it, of any version. */
export type StoredBody = Stored<EntryBody>;

/** What the log appends: the body, and what is kept beside it and is not hashed. */
export interface EntryDraft {
  readonly body: EntryBody;
  readonly beside: {
    /** Salt of the answer commitment, hex; also in the receipt. */
    readonly answerSalt?: string;
    /** Salts of those of `body.subjects` that commit to an index token, in order, hex. Deleting them erases the link to the persons. */
    readonly subjectSalts?: readonly string[];
    /** Keyed index tokens of the same subjects, in order, hex (see Pseudonyms.indexToken). */
    readonly subjectTokens?: readonly string[];
    /** Sealed identities of the same subjects, in order; null for a subject without one. Default: none has one. */
    readonly subjectSealed?: readonly (Uint8Array | null)[];
  };
}
