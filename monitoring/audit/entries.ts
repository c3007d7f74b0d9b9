import type { Access, Basis, CallerKind, NexusKind, Verdict } from '../../schemas/vocabulary.js';

/**
 * Entries of the audit log, version 2 (1 had no `protected`). Stored bytes never change; a new field means a new
 * `schemaVersion`; readers accept all versions. Every text is from a closed set, a hash, or an id:
 * never a name, a number, a variable's value or a register's words.
 */
export const ENTRY_SCHEMA_VERSION = 2;

export type EntryBody = IntentBody | CompletionBody | RefusalBody | RefusalsBody | ActBody;

/** Who, in every entry of an authenticated request. */
export interface EntryCaller {
  readonly agency: string | null;
  readonly system: string;
  readonly kind: CallerKind;
  readonly officer: string | null;
}

interface Common {
  readonly schemaVersion: typeof ENTRY_SCHEMA_VERSION;
  readonly requestId: string;
  /** Real time, ISO 8601 with milliseconds, UTC. */
  readonly at: string;
}

/** What was asked, in intents, completions and refusals after planning. */
export interface EntryQuestion {
  readonly surface: 'graphql' | 'handles' | 'consents' | 'operations';
  readonly purpose: string | null;
  readonly case: { readonly agency: string; readonly number: string } | null;
  readonly documentHash: string | null;
  readonly documentName: string | null;
  readonly operationName: string | null;
}

/** Schema coordinate read, with its category. */
export interface EntryRead {
  readonly register: string;
  readonly coordinate: string;
  readonly category: string;
  readonly access: Access;
}

/** Before the first register is called. */
export interface IntentBody extends Common, EntryQuestion {
  readonly kind: 'intent';
  readonly caller: EntryCaller;
  readonly reads: readonly EntryRead[];
  /** Salted commitments of the subjects that the question names: SHA-256(salt ‖ RFC 8785 of the identifier), hex. */
  readonly subjects: readonly string[];
  readonly policySet: string;
  readonly catalogue: string;
}

/** Before a byte of the answer leaves. */
export interface CompletionBody extends Common, EntryQuestion {
  readonly kind: 'completion';
  readonly caller: EntryCaller;
  readonly outcome: 'answered' | 'failed' | 'unknown';
  /** Every subject that a register was asked about or told of, and every protected one. */
  readonly subjects: readonly string[];
  /** How many of `subjects` are protected: nothing of them was disclosed. Left out where nobody is. */
  readonly protected?: number;
  readonly disclosed: readonly EntryDisclosure[];
  readonly withheld: readonly { readonly category: string; readonly code: string; readonly count: number }[];
  readonly registers: readonly EntryRegister[];
  readonly policySet: string;
  readonly catalogue: string;
  /** SHA-256(salt ‖ RFC 8785 of `{data, errors?}` exactly as sent), hex; null when unknown. */
  readonly answer: string | null;
  readonly durationMs: number;
}

export interface EntryDisclosure {
  readonly category: string;
  readonly access: Access;
  readonly basis: Basis;
  readonly nexus: NexusKind | null;
  readonly policies: readonly string[];
  /** Consent records relied on, `<id>@<revision>`. */
  readonly consents: readonly string[];
  /** Positions in `subjects` whom this concerns. */
  readonly subjects: readonly number[];
}

export interface EntryRegister {
  readonly register: string;
  readonly calls: number;
  readonly outcome: 'answered' | 'failed';
  readonly failure: string | null;
  readonly durationMs: number;
  readonly receivedBeyondGrant: boolean;
  readonly contract: string;
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
}

/** An authenticated request that ended without data and without a register call. */
export interface RefusalBody extends Common, EntryQuestion {
  readonly kind: 'refusal';
  readonly caller: EntryCaller;
  readonly code: string;
  readonly reasons: readonly string[];
  readonly subjects: readonly string[];
  readonly categories: readonly string[];
  readonly policySet: string | null;
  readonly answer: string | null;
}

/** Refusals before authentication: one entry per second, code and source. */
export interface RefusalsBody extends Common {
  readonly kind: 'refusals';
  readonly code: string;
  /** Network source (address of the peer). */
  readonly source: string;
  readonly count: number;
}

/** A citizen's, agency's or officer's act on Tereze's own state: consent given or withdrawn, handle issued, trusted document approved. */
export interface ActBody extends Common, EntryQuestion {
  readonly kind: 'act';
  readonly caller: EntryCaller;
  readonly act: 'consent_given' | 'consent_withdrawn' | 'consents_listed' | 'handle_issued' | 'operation_approved';
  readonly subjects: readonly string[];
  /** Id and revision of what was changed (`<consent id>@<revision>`, `<document>@<fingerprint>`), never the handle itself. */
  readonly reference: string | null;
  readonly policies: readonly string[];
  readonly answer: string | null;
}

/** What a stage hands to the log: the body, and what is kept beside it and not hashed. */
export interface EntryDraft {
  readonly body: EntryBody;
  readonly beside: {
    /** Salt of the answer commitment, hex; also in the receipt. */
    readonly answerSalt?: string;
    /** Salts of `body.subjects`, in order, hex. Deleting them erases the link to the persons. */
    readonly subjectSalts?: readonly string[];
    /** Keyed index tokens of the subjects, in order (see Pseudonyms.token). */
    readonly subjectTokens?: readonly string[];
  };
}
