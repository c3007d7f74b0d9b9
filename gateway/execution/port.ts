import type { GraphQLFormattedError } from 'graphql';
import type { Claimant } from '../../schemas/fair-share.js';
import type { Gate } from '../../schemas/ports/gate.js';
import type { Finding } from '../../schemas/ports/quality.js';
import type { ErrorCode } from '../../schemas/errors.js';
import type { Verdict } from '../../schemas/vocabulary.js';
import type { OnBehalfOf } from '../../adapters/port.js';
import type { AccessRecord } from '../access/access-record.js';
import type { PlannedDocument } from '../planning/plan.js';

/**
 * Plan -> answer. Contract: calls the gate before every register call and before a record about a
 * person found only now is merged; never throws for what a register or a person's decision does
 * (that is errors and nulls); throws when the gate fails or the execution was cancelled, and then
 * nothing of the answer may be released. However it ends, `accessRecord` says what was done. Concurrency: any number of executions at once, nothing shared.
 */
export interface Executor {
  execute(work: Execution): Promise<ExecutionOutcome>;
}

export interface Execution {
  readonly requestId: string;
  /** Where the execution records what it does, while it does it. It belongs to the request. */
  readonly accessRecord: AccessRecord;
  readonly planned: PlannedDocument;
  /** Coerced variables. Person handles are already replaced by their identifiers. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly gate: Gate;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  /** Aborted when the client went away or the gateway is ending. */
  readonly signal?: AbortSignal;
  /** The party that the calls count for where a register's capacity is shared; absent if the gateway asks for itself. */
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
  readonly withheld: readonly WithheldField[];
  readonly records: readonly RecordQuality[];
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
