import type { AccessRecord } from './access/access-record.js';
import type { Appended } from '../monitoring/audit/port.js';
import type { EntryQuestion } from '../monitoring/audit/entries.js';
import type { ProofEnd, RequestProof } from './request-proof.js';
import type { Claimant } from '../schemas/fair-share.js';
import type { Refusal } from '../schemas/refusal.js';
import type { SqlExecutor } from '../schemas/ports/sql.js';
import type { Caller, Case } from '../schemas/vocabulary.js';
import type { Language } from '../schemas/language.js';

/**
 * The types of a request. Each says which stage the request has passed. A stage takes one type and
 * returns the next, and does not change the request that it takes. `W` is what the surface is asked to
 * do, `A` what authorize allows, `R` what execute finds.
 */

/** The surfaces of the gateway, as entries name them. */
export type SurfaceName = EntryQuestion['surface'];

export interface Received {
  readonly requestId: string;
  /** What is done for this request, recorded while it is done. Every ending reports from it. */
  readonly access: AccessRecord;
  readonly surface: SurfaceName;
  /** Real time of arrival. */
  readonly at: Date;
  /** Monotonic milliseconds: arrival, and when the answer must be ready. */
  readonly startedAt: number;
  readonly deadline: number;
  /** Where it comes from: an IPv4 address or a /64 network of IPv6. Behind named proxies, that of the last hop before them. */
  readonly source: string;
  /** Set if the source is a named proxy itself. It has no limit by source. */
  readonly isProxy?: true;
  readonly http: ReceivedHttp;
  readonly connection: RequestConnection;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** The connection that a request came on, as far as stages use it. */
export interface RequestConnection {
  /** Says that the caller is verified: the connection leaves the budgets of unknown callers while it stays open. */
  known(): void;
  /** Says that the caller is beyond its rate: what comes next on the connection is read in turn with what unknown clients send. */
  slowDown(): void;
  /**
   * Resolves with the parsed JSON body; with undefined if the method has none. Is called once, and
   * only for a caller who is known.
   *
   * @throws Refusal if the body does not arrive in time, is too large or is not a JSON object.
   */
  readBody(): Promise<unknown>;
  /** Calls `end` once, when the answer was sent or the client has gone. */
  whenEnded(end: () => void): void;
}

export interface ReceivedHttp {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** Query of the address, without `?`. Absent if it is empty. It holds no number of a person, because addresses are logged by others. */
  readonly query?: string;
  /** Parameters taken from the path: opaque ids only. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Every value of a repeated header, as it came. */
  readonly authorization: readonly string[];
  readonly dpop: readonly string[];
  readonly purpose: string | undefined;
  readonly case: string | undefined;
  /** The language of refusals; English if not given. */
  readonly language?: Language;
}

export interface Authenticated extends Received {
  readonly caller: Caller;
  readonly purpose: string;
  readonly case: Case | undefined;
  readonly token: TokenEvidence;
  /** Has to be used before an answer leaves. */
  readonly proof: RequestProof;
}

/** What is kept of a token as evidence of the act for which it was used. */
export interface TokenEvidence {
  readonly issuer: string;
  /** Names the token without holding it, so that its issuer can find its record of it: SHA-256 of issuer, line feed, `jti`, hex. */
  readonly idHash: string;
  /** How the issuer says that it authenticated the person (`acr`). Undefined if it says nothing. */
  readonly acr: string | undefined;
}

/** A known caller within its rate, with a slot for its work. */
export interface Admitted extends Authenticated {
  /** The parsed JSON body; undefined if the method has none. The plan stage checks its shape. */
  readonly body: unknown;
  /** The party that its work counts for where capacity is shared. */
  readonly claimant: Claimant;
}

export interface Planned<W> extends Admitted {
  /** What every entry of this request contains. */
  readonly question: EntryQuestion;
  readonly named: NamedPeople;
  readonly work: W;
}

/** The people that a request names, each once. */
export interface NamedPeople {
  readonly numbers: readonly string[];
  /** Handles, not resolved yet. */
  readonly handles: readonly string[];
}

export interface Authorized<W, A> extends Planned<W> {
  readonly allowed: A;
  /** Identifiers of the people that the question names, each once. */
  readonly subjects: readonly string[];
}

export interface Intended<W, A> extends Authorized<W, A> {
  /** The place of the intent in the log. */
  readonly intent: Appended;
  /** The proof was used with the intent. */
  readonly proofEnd: ProofEnd;
}

export interface Executed<W, A, R> extends Intended<W, A> {
  readonly outcome: R;
}

/** A change of the state that execute prepared: `record` makes it in the transaction of its entry. */
export type Change<Changed> = (tx: SqlExecutor) => Promise<Changed>;

/** What is sent to the caller. The log commits to it before a byte of it leaves. */
export interface Recorded {
  readonly requestId: string;
  readonly proofEnd: ProofEnd;
  readonly result: Result;
  /** Undefined if the log could not be written, or the request was refused before authentication. */
  readonly receipt: Receipt | undefined;
  readonly refusal: Refusal | undefined;
  /** Set if the request was refused before its caller was known. */
  readonly isUnknown?: true;
  /** The rest of `extensions.tereze`, beside id and receipt. */
  readonly report: Report | undefined;
  /** Whether a restriction is known outside the database as well. Absent if nothing was restricted, or nothing outside is kept. */
  readonly fenced?: boolean;
}

/** The part of an answer that the log commits to: `{data, errors?}` for GraphQL, the body's `data` elsewhere. */
export interface Result {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
}

/** With the receipt and the answer, the caller can prove what the gateway answered. */
export interface Receipt {
  /** Name of the log, `log.example.kz/tereze/0`. */
  readonly log: string;
  readonly index: number;
  readonly leafHash: string;
  /** Hex. */
  readonly salt: string;
  /** Set where no standby has the entry: the loss of one server can lose it. */
  readonly durability?: 'single_node';
  /** Set where no one outside proves the log: who has its keys and its database could rewrite it. */
  readonly anchor?: 'none';
}

/** `withheld`, `quality` and `provenance` of an answer. */
export interface Report {
  /** Deprecated fields of the question, with the date after which they may be gone; absent if there are none. */
  readonly deprecations?: readonly unknown[];
  readonly withheld: readonly unknown[];
  readonly quality: unknown;
  readonly provenance: readonly unknown[];
}

/** A request as far as it came: what a refusal can report about it. */
export type Reached =
  Received | Authenticated | Admitted | Planned<unknown> | Authorized<unknown, unknown> | Intended<unknown, unknown>;

/** Returns whether a refusal may see this request. It may not see what execute found. */
export const isReached = (request: Reached | Recorded): request is Reached =>
  'http' in request && !('outcome' in request);
export const isAuthenticated = (request: Reached): request is Authenticated => 'caller' in request;
export const isAdmitted = (request: Reached): request is Admitted => 'body' in request;
export const isPlanned = (request: Reached): request is Planned<unknown> => 'question' in request;
export const isAuthorized = (request: Reached): request is Authorized<unknown, unknown> => 'allowed' in request;
/** Returns whether a citizen withdraws a consent: that is taken at any rate. */
export const isWithdrawal = ({ http: { parameters } }: Received): boolean => parameters['act'] === 'withdraw';
