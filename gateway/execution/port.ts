import type { GraphQLFormattedError } from 'graphql';
import type { Claimant } from '../../schemas/fair-share.js';
import type { Gate, Grant, SubjectRef } from '../../schemas/ports/gate.js';
import type { Finding } from '../../schemas/ports/quality.js';
import type { ErrorCode } from '../../schemas/errors.js';
import type { Access, ConsentClaim, Verdict } from '../../schemas/vocabulary.js';
import type { OnBehalfOf } from '../../adapters/port.js';
import type { PlannedDocument } from '../planning/plan.js';

/**
 * Plan -> answer. Contract: calls the gate before every register call and before a record about a
 * person found only now is merged; never throws for what a register or a person's decision does
 * (that is errors and nulls); throws when the gate fails or the execution was cancelled, and then
 * nothing of the answer may be released. Concurrency: any number of executions at once, nothing shared.
 */
export interface Executor {
  execute(work: Execution): Promise<ExecutionOutcome>;
}

export interface Execution {
  readonly requestId: string;
  readonly planned: PlannedDocument;
  /** Coerced variables. Person handles are already replaced by their identifiers. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly gate: Gate;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  /** Aborted when the client went away or the gateway is ending. */
  readonly signal?: AbortSignal;
  /** For whom the calls count where a register's capacity is shared; absent if the gateway asks for itself. */
  readonly claimant?: Claimant;
  /** Sent to registers whose protocol requires it. */
  readonly onBehalfOf: OnBehalfOf;
  /** For derived fields. */
  readonly receiver: string;
  readonly caseNumber: string;
  /** With an atomic operation: the first withheld category ends the execution with no governed data. */
  readonly atomic: boolean;
}

export interface ExecutionOutcome {
  /** With the client's own keys; null when a null bubbled to the top. */
  readonly data: Record<string, unknown> | null;
  /** In the form in which they are sent (message from the catalogue, path, extensions.code, serviceName...). */
  readonly errors: readonly GraphQLFormattedError[];
  readonly registers: readonly RegisterUse[];
  /** Every person that a register was called about or has answered about, protected people included. Distinct, in order of appearance. */
  readonly subjects: readonly SubjectRef[];
  /** How many of `subjects` are protected. Never sent to the caller. */
  readonly protectedSubjects: number;
  readonly disclosures: readonly Disclosure[];
  readonly withheld: readonly WithheldField[];
  readonly records: readonly RecordQuality[];
  /** Consent revisions relied on, distinct. */
  readonly claims: readonly ConsentClaim[];
}

export interface RegisterUse {
  readonly register: string;
  readonly calls: number;
  /** Calls not made because every person they would be about is protected. They are reported to the caller as calls. */
  readonly skippedCalls: number;
  readonly failure: ErrorCode | null;
  readonly durationMs: number;
  readonly receivedBeyondGrant: boolean;
  /** Real time of the last answer, ISO. */
  readonly retrievedAt: string;
}

/** A category that was read or disclosed about subjects on one basis. */
export interface Disclosure {
  readonly category: string;
  readonly access: Access;
  readonly grant: Grant;
  /** Positions in `subjects`. */
  readonly subjects: readonly number[];
}

export interface WithheldField {
  /** Path as the client wrote it. */
  readonly path: readonly (string | number)[];
  readonly category: string;
  readonly code: ErrorCode;
  readonly consentRequest?: string;
}

export interface RecordQuality {
  readonly path: readonly (string | number)[];
  readonly register: string;
  readonly type: string;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}
