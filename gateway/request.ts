import type { Appended } from '../monitoring/audit/port.js';
import type { EntryQuestion } from '../monitoring/audit/entries.js';
import type { Refusal } from '../schemas/refusal.js';
import type { Caller, Case } from '../schemas/vocabulary.js';
import type { Language } from '../schemas/language.js';

/**
 * The types of a request: each says which stage it has passed. A stage takes one and returns the
 * next; it changes nothing in what it was given. `W` is what this surface was asked to do, `A` what
 * authorize allowed, `R` what execute found.
 */

/** What may be asked of the gateway, and where. */
export type SurfaceName = EntryQuestion['surface'];

export interface Received {
  readonly requestId: string;
  readonly surface: SurfaceName;
  /** Real time of arrival. */
  readonly at: Date;
  /** Monotonic milliseconds: arrival, and when the answer must be ready. */
  readonly startedAt: number;
  readonly deadline: number;
  /** Network address of the peer. */
  readonly source: string;
  readonly http: ReceivedHttp;
  /** The parsed JSON body; undefined where the method has none. Its shape is the plan stage's to check. */
  readonly body: unknown;
  /** Aborted when the client went away. */
  readonly signal: AbortSignal;
}

export interface ReceivedHttp {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** Parameters taken from the path: opaque ids only. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Every value of a repeated header, as it came. */
  readonly authorization: readonly string[];
  readonly dpop: readonly string[];
  readonly purpose: string | undefined;
  readonly case: string | undefined;
  /** In which refusals are worded; English when not given. */
  readonly language?: Language;
}

export interface Authenticated extends Received {
  readonly caller: Caller;
  readonly purpose: string;
  readonly case: Case | undefined;
  /** For the evidence of a citizen's act. */
  readonly token: { readonly issuer: string; readonly idHash: string };
}

export interface Planned<W> extends Authenticated {
  /** What stands in every entry of this request. */
  readonly question: EntryQuestion;
  readonly work: W;
}

export interface Authorized<W, A> extends Planned<W> {
  readonly allowed: A;
  /** Identifiers of the persons whom the question names, distinct. */
  readonly subjects: readonly string[];
}

export interface Intended<W, A> extends Authorized<W, A> {
  /** Where the intent stands in the log. */
  readonly intent: Appended;
}

export interface Executed<W, A, R> extends Intended<W, A> {
  readonly outcome: R;
}

/** What the caller is sent, committed to in the log before a byte of it leaves. */
export interface Recorded {
  readonly requestId: string;
  readonly result: Result;
  /** Absent when the log could not be written, or the refusal came before authentication. */
  readonly receipt: Receipt | undefined;
  readonly refusal: Refusal | undefined;
  /** What stands in `extensions.tereze` besides id and receipt. */
  readonly report: Report | undefined;
}

/** The part of an answer that the log commits to: `{data, errors?}` for GraphQL, the body's `data` elsewhere. */
export interface Result {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
}

/** With it and the answer, the caller can prove what was said. */
export interface Receipt {
  readonly log: string;
  readonly index: number;
  readonly leafHash: string;
  /** Hex. */
  readonly salt: string;
}

/** `withheld`, `quality` and `provenance` of an answer. */
export interface Report {
  /** Deprecated fields that were asked for, with the date after which they may be gone; absent where there are none. */
  readonly deprecations?: readonly unknown[];
  readonly withheld: readonly unknown[];
  readonly quality: unknown;
  readonly provenance: readonly unknown[];
}

/** How far a request came: what a refusal can say about it. */
export type Reached =
  Received | Authenticated | Planned<unknown> | Authorized<unknown, unknown> | Intended<unknown, unknown>;

/** Returns whether a refusal may still report this request: what execute found is not for a refusal to see. */
export const isReached = (request: Reached | Recorded): request is Reached =>
  'http' in request && !('outcome' in request);
export const isAuthenticated = (request: Reached): request is Authenticated => 'caller' in request;
export const isPlanned = (request: Reached): request is Planned<unknown> => 'question' in request;
export const isAuthorized = (request: Reached): request is Authorized<unknown, unknown> => 'allowed' in request;
export const isIntended = (request: Reached): request is Intended<unknown, unknown> => 'intent' in request;
