import type { OperationDefinitionNode } from 'graphql';
import type { Claimant } from '../schemas/fair-share.js';
import { factsOf, type FailureReason, type RegisterFailureKind } from '../schemas/failures/register-failure.js';
import type { Agency, Case } from '../schemas/vocabulary.js';
import type { AddressAgreement } from './address-agreement.js';
import type { Drift } from './drift.js';

/**
 * Calls one register in its protocol.
 *
 * Contract
 * - `prepare` is called once per compiled selection, at plan time. It throws if the source mapping cannot serve the
 *   selection. `read` does no work that `prepare` could have done.
 * - One `read` is one logical call: many keys go out as one batch if the protocol has one. Groups differ in the fields
 *   that may be requested for their keys. An adapter never requests a field for a key whose group lacks it, if the
 *   protocol can tell keys apart. Members beyond the selection are dropped in the parser and reported.
 * - Records hold exactly the response keys of the selection, as own enumerable properties. Objects with names that a
 *   register chose have no prototype or come from `JSON.parse`. Leaf values are as the register sent them, never
 *   repaired or rounded: a numeral that a number would round or spell in another way is a `Numeral`. Identifiers are text.
 * - `entities` answers are in the order of the keys. An entity that the register does not have is null.
 * - Concurrency: `read` may run many times at once. Nothing is cached or shared between reads.
 * - Failure: rejects with {@link RegisterFailure}. Its message never holds anything that the register sent. Details for
 *   the internal log go to the observer under the request id, without values.
 * - Deadline: `read` settles before `deadline` (monotonic ms) and leaves no work running.
 * - Cancel: when `signal` is aborted, `read` rejects at once with `cancelled` and breaks off what it began.
 * - Record: every message that goes to the register is taken from `calls`, and recorded there immediately before it is
 *   sent: chunks, pages, second tries. It carries its id, unless the mapping says `call_id: none`.
 */
export interface Adapter {
  readonly register: string;
  prepare(selection: FetchSelection): PreparedFetch;
  read(call: RegisterCall): Promise<RegisterAnswer>;
  /** Operations that have a person's identifier in their address, with the owner's consent. Absent if there is none. */
  readonly addressAgreements?: readonly AddressAgreement[];
  /**
   * Compares what the register has with the mapping, and reads no record. Rejects like `read`; `deadline` as there.
   * Absent where a protocol has nothing to compare.
   */
  findDrift?(deadline: number): Promise<readonly Drift[]>;
  close(): Promise<void>;
}

/** The fields that one group may request: as an operation and as a tree. */
export interface FetchSelection {
  readonly kind: 'root' | 'entities';
  /** The operation. It has only fields that may be requested; fragments are inlined. */
  readonly operation: OperationDefinitionNode;
  /** For `root`: the root fields. For `entities`: the selections below `_entities`, with type conditions. */
  readonly fields: readonly SelectedField[];
}

export interface SelectedField {
  /** Type on which the field is selected (a type condition's, or the parent's). */
  readonly parentType: string;
  readonly name: string;
  readonly responseKey: string;
  /** Named type of the field. */
  readonly type: string;
  readonly list: boolean;
  /** Depth of nested lists around its values. Absent if `list` is enough. */
  readonly lists?: number;
  /** Evaluates the arguments from the operation's variables. */
  readonly argumentsFrom?: (variables: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Empty for leaves. */
  readonly fields: readonly SelectedField[];
  /** The gateway needs the field itself and never answers with it. */
  readonly isAdded?: boolean;
}

/** Opaque to all but the adapter that made it. */
export interface PreparedFetch {
  readonly register: string;
}

export interface RegisterCall {
  readonly requestId: string;
  readonly calls: CallRecorder;
  readonly groups: readonly CallGroup[];
  /** Absolute, on the monotonic clock, in milliseconds. */
  readonly deadline: number;
  /** Aborted when the answer is no longer wanted. */
  readonly signal?: AbortSignal | undefined;
  /** The party that the call counts for where the register's capacity is shared; absent if the gateway asks for itself. */
  readonly claimant?: Claimant | undefined;
  /** For protocols that tell a register who asks. Absent if the gateway asks on its own behalf. */
  readonly onBehalfOf?: OnBehalfOf | undefined;
}

/** Numbers the messages of one read, and records each of them before it is sent. */
export interface CallRecorder {
  /**
   * Returns the next message that may be sent. `keys`: the keys of the read that it is about; all of them if left out.
   * Throws {@link RegisterFailure} `cancelled` if the request has ended or has sent too many messages.
   */
  next(message: MessageFacts): NumberedCall;
}

export interface MessageFacts {
  /** Whether the message carries its id to the register. */
  readonly carriesId: boolean;
  readonly keys?: readonly string[] | undefined;
  /** Whether the address of the message holds an identifier of a person, which the audit entry then says. */
  readonly identifierInAddress?: boolean;
}

/** One message to a register, with its id. */
export interface NumberedCall {
  /** `<requestId>-<n>`, unique in all calls of the gateway. */
  readonly id: string;
  /**
   * Records that the message is sent now. Must be called immediately before the first byte is written, and not if
   * nothing is written. If it throws, nothing may be written.
   */
  recordSent(): void;
  /** Records that the answer to the message has arrived whole, an error too. */
  recordAnswered(): void;
}

/**
 * Who asks, and why. It never names the person whose data is requested: protocols send it where identifiers must not
 * appear.
 */
export interface OnBehalfOf {
  /** Absent for citizens, who act for themselves. */
  readonly agency?: Agency;
  readonly system: string;
  /** Opaque id of the officer who asks, or that the system asks for. */
  readonly officer?: string;
  readonly purpose: string;
  readonly case?: Case;
  /** The organisation whose mandate the caller acts on. */
  readonly represented?: RepresentedParty;
}

/** An organisation as X-Road names one: a member code, with a class if one is needed. */
export interface RepresentedParty {
  readonly memberClass?: string;
  readonly memberCode: string;
}

export interface CallGroup {
  readonly prepared: PreparedFetch;
  /** Coerced. Person handles are already replaced by identifiers. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** For entities: one representation per key (`__typename` and key fields). Absent for root fetches. */
  readonly keys?: readonly Readonly<Record<string, unknown>>[];
}

export interface RegisterAnswer {
  /** One per group, in order. */
  readonly groups: readonly GroupAnswer[];
}

/** What a register sent beyond what was requested. It was dropped. */
export interface Beyond {
  /** Fields that were not requested, each once. */
  readonly fields: readonly FieldName[];
  /** Whether there was something that no field of the mapping reads. */
  readonly isUnmapped: boolean;
}

/** A field as the register's schema names it. */
export interface FieldName {
  readonly type: string;
  readonly name: string;
}

/** A code that is not in the list of the mapping, which says that it is null. */
export interface CodeFinding {
  readonly path: readonly (string | number)[];
  readonly field: FieldName;
}

export interface GroupAnswer {
  /**
   * For root: one object with the root response keys. For entities: one per key. They hold the selection and nothing
   * else, as bare objects that are not shared: the executor builds its answer from them.
   */
  readonly records: readonly (Record<string, unknown> | null)[];
  /** Fields that failed on their own; the others are valid. The path is below the record: `[recordIndex, key, ...]`. */
  readonly errors: readonly { readonly path: readonly (string | number)[]; readonly reason: FailureReason }[];
  /** What the mapping converted, each as `field: transform`. Absent if nothing is. */
  readonly converted?: readonly string[];
  /** Codes of the register that the mapping declares to be null. The path is as in `errors`. */
  readonly findings?: readonly CodeFinding[];
  /** What came beyond the selection. Absent if nothing did. */
  readonly beyond?: Beyond;
}

export interface FailureDetails {
  /** A code that holds no data (`ECONNREFUSED`, an SQLSTATE). */
  readonly cause?: unknown;
  /** How long the register wants to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /**
   * The place of the fault in the answer, for the probe: a JSON pointer (RFC 6901) or a path of elements. It holds names
   * and positions, and no value.
   */
  readonly at?: string | undefined;
}

/** Stand for a reason where there is none. They are not exported, so that nothing else is without a reason. */
const CANCELLED = Symbol('cancelled');
const DEFECT = Symbol('defect');

/** A register call failed as a whole. */
export class RegisterFailure extends Error {
  readonly register: string;
  /** That of the reason. */
  readonly kind: RegisterFailureKind;
  /** Why it failed. Undefined only if the call was cancelled, or if the adapter has a defect. */
  readonly reason: FailureReason | undefined;
  /** How long the register wants to be left alone, in milliseconds. Undefined if it did not say. */
  readonly retryAfterMs: number | undefined;
  /** The place of the fault in the answer, without values. Undefined if the fault has no place. */
  readonly at: string | undefined;
  #operation: string | undefined;

  constructor(
    register: string,
    reason: FailureReason | typeof CANCELLED | typeof DEFECT,
    { retryAfterMs, at, ...cause }: FailureDetails = {},
  ) {
    const kind = kindOf(reason);
    super(`register ${register}: ${kind}`, cause);
    this.name = 'RegisterFailure';
    this.register = register;
    this.kind = kind;
    this.reason = typeof reason === 'symbol' ? undefined : reason;
    this.retryAfterMs = retryAfterMs;
    this.at = at;
  }

  /** The operation of the mapping that failed. Undefined if the mapping names none. */
  get operation(): string | undefined {
    return this.#operation;
  }

  /** Says in which operation of the mapping the call failed, and returns the failure. The first name stays. */
  during(operation: string): this {
    this.#operation ??= operation;
    return this;
  }

  /** Returns the failure of a call whose answer is no longer wanted. It says nothing about the register. */
  static cancelled(register: string): RegisterFailure {
    return new RegisterFailure(register, CANCELLED);
  }

  /** Returns the failure of a call that ended in an error of the adapter itself, which no reason describes. */
  static defect(register: string, cause?: string): RegisterFailure {
    return new RegisterFailure(register, DEFECT, { cause });
  }
}

function kindOf(reason: FailureReason | typeof CANCELLED | typeof DEFECT): RegisterFailureKind {
  if (reason === CANCELLED) return 'cancelled';
  return reason === DEFECT ? 'failed' : factsOf(reason).kind;
}

/**
 * The register works and declines this call: by a code of its own, or because the call is wrong. The register may be
 * called again, so that the breaker does not count it.
 */
export class RegisterDeclined extends RegisterFailure {
  constructor(register: string, reason: FailureReason, details?: FailureDetails) {
    super(register, reason, details);
    this.name = 'RegisterDeclined';
  }
}
