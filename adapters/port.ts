import type { OperationDefinitionNode } from 'graphql';
import type { Agency, Case } from '../schemas/vocabulary.js';

/**
 * How a register is spoken to. One adapter for one register.
 *
 * Contract
 * - `prepare` is called once per compiled selection, at plan time; it throws when the source
 *   mapping cannot serve it. `read` does no work that `prepare` could have done.
 * - One `read` is one logical call: many keys go out as one batch wherever the protocol has one.
 *   Groups differ in what may be asked for their keys; an adapter never asks the register for a
 *   field in the name of a key whose group lacks it, where the protocol can tell them apart;
 *   what a register sends beyond the selection is dropped in the parser and reported.
 * - Records hold exactly the selection's response keys (own enumerable properties; objects built
 *   by name are created without a prototype or through `JSON.parse`); leaf values as the register
 *   sent them, mapped names, never repaired; identifiers and decimals are text.
 * - `entities` answers stand in the order of the keys; an entity nobody has is null.
 * - Concurrency: `read` may run many times at once. Nothing is cached or shared between reads.
 * - Failure: rejects with {@link RegisterFailure}; its message never holds what the register said.
 *   Detail for the internal log goes to the observer under the request id, without values.
 * - Deadline: `read` settles before `deadline` (monotonic ms) and leaves no work running.
 * - Cancel: when `signal` is aborted `read` rejects at once with `cancelled` and breaks off what it began.
 */
export interface Adapter {
  readonly register: string;
  prepare(selection: FetchSelection): PreparedFetch;
  read(call: RegisterCall): Promise<RegisterAnswer>;
  close(): Promise<void>;
}

/** What one group may ask: a compiled operation and the same as a tree. */
export interface FetchSelection {
  readonly kind: 'root' | 'entities';
  /** The operation, already reduced to what may be asked; fragments inlined. */
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
  /** Lists in which its values stand, one in the other; absent where `list` says it all. */
  readonly lists?: number;
  /** Evaluates the arguments from the operation's variables. */
  readonly argumentsFrom?: (variables: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Empty for leaves. */
  readonly fields: readonly SelectedField[];
}

/** Opaque to everybody but the adapter that made it. */
export interface PreparedFetch {
  readonly register: string;
}

export interface RegisterCall {
  readonly requestId: string;
  readonly groups: readonly CallGroup[];
  /** Absolute, on the monotonic clock, in milliseconds. */
  readonly deadline: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
  /** For protocols that tell a register who asks. Absent when the gateway asks for itself. */
  readonly onBehalfOf?: OnBehalfOf;
}

/** Who asks, and why. Never whom the question is about: protocols put this where identifiers must not stand. */
export interface OnBehalfOf {
  /** Absent for citizens, who act for themselves. */
  readonly agency?: Agency;
  readonly system: string;
  /** Opaque id of the officer. */
  readonly officer?: string;
  readonly purpose: string;
  readonly case?: Case;
  /** The organisation whose mandate the caller acts on. */
  readonly represented?: RepresentedParty;
}

/** An organisation as X-Road names one: a member code, within a class where one is needed. */
export interface RepresentedParty {
  readonly memberClass?: string;
  readonly memberCode: string;
}

export interface CallGroup {
  readonly prepared: PreparedFetch;
  /** Coerced; person handles are already replaced by what they stand for. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** For entities: one representation per key (`__typename` and key fields). Absent for root fetches. */
  readonly keys?: readonly Readonly<Record<string, unknown>>[];
}

export interface RegisterAnswer {
  /** One per group, in order. */
  readonly groups: readonly GroupAnswer[];
  /** True when the register sent more than was asked. */
  readonly receivedBeyondGrant: boolean;
}

export interface GroupAnswer {
  /**
   * For root: one object with the root response keys. For entities: one per key. They hold what was
   * selected and nothing else, as bare objects that nobody else has: the executor builds its answer of them.
   */
  readonly records: readonly (Record<string, unknown> | null)[];
  /** Fields that failed on their own; the rest stands. Path below the record, `[recordIndex, key, ...]`. */
  readonly errors: readonly { readonly path: readonly (string | number)[]; readonly failure: RegisterFailureKind }[];
}

export type RegisterFailureKind =
  | 'timeout' // no answer before the deadline
  | 'cancelled' // nobody waits any more: says nothing of the register
  | 'transport' // refused, reset, cut off
  | 'overloaded' // 429, 503, bulkhead full
  | 'unavailable' // breaker open: no call was made
  | 'denied' // the register does not accept the gateway's credentials, or not for this
  | 'failed' // the register says that it failed (5xx, SQL error, GraphQL error)
  | 'malformed'; // not what the protocol or the mapping promises, or too large

/** A register call failed as a whole. */
export class RegisterFailure extends Error {
  readonly register: string;
  readonly kind: RegisterFailureKind;
  /** How long the register wants to be left alone, in milliseconds, where it said so. */
  readonly retryAfterMs: number | undefined;
  constructor(
    register: string,
    kind: RegisterFailureKind,
    options: { cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    const { retryAfterMs, ...cause } = options;
    super(`register ${register}: ${kind}`, cause);
    this.name = 'RegisterFailure';
    this.register = register;
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The register is well and says no to this call, by a code of its own: `failed`, but nothing that speaks against calling it again. */
export class RegisterDeclined extends RegisterFailure {
  constructor(register: string) {
    super(register, 'failed');
    this.name = 'RegisterDeclined';
  }
}
