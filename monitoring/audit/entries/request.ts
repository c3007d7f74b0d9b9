import type { Caller, CallerKind, Model } from '../../../schemas/vocabulary.js';
import { commonFields, type CommonFields } from './every-entry.js';

/** The caller, as entries of authenticated requests state it. */
export interface EntryCaller {
  readonly agency: string | null;
  readonly system: string;
  readonly kind: CallerKind;
  readonly officer: string | null;
  /** The officer that a system or AI service acts for, as its token says (RFC 8693). Absent in versions 1 to 3. */
  readonly actor: string | null;
  /** The model of an AI service, as its registration says. Absent in versions 1 to 3. */
  readonly model: Model | null;
}

/** The case, as entries state it. */
export interface EntryCase {
  readonly agency: string;
  readonly number: string;
  /**
   * What the case system said: `verified`, it is an open case of this agency for this purpose; `closed` and
   * `unknown` stand in refusals only. Absent if no case system said anything.
   */
  readonly status?: 'verified' | 'closed' | 'unknown';
  /** When it confirmed the case, ISO 8601, UTC. Stands beside `verified` only. */
  readonly confirmedAt?: string;
}

/** What a case system said of a case, as entries state it. */
export type EntryCaseFound = Pick<EntryCase, 'status' | 'confirmedAt'>;

/** What a request asks, where and why. Before planning, document and operation are null. */
export interface EntryQuestion {
  readonly surface: 'graphql' | 'handles' | 'consents' | 'operations';
  readonly purpose: string | null;
  readonly case: EntryCase | null;
  readonly documentHash: string | null;
  readonly documentName: string | null;
  readonly operationName: string | null;
}

/** Fields of every entry about an authenticated request. */
export interface RequestFields<Kind extends string> extends CommonFields<Kind>, EntryQuestion {
  readonly caller: EntryCaller;
  /**
   * SHA-256 of issuer, line feed and `jti` of the access token, hex: its issuer can find its own record of the token.
   * Null for an act without one. Absent in versions 1 to 3.
   */
  readonly token: string | null;
  /** When the request arrived, in milliseconds of the epoch (X-Road's name). Null for an act that did not come as a request. Absent in versions 1 to 3. */
  readonly requestInTs: number | null;
}

/** Fields that a request has in an entry of any version. */
type ReadFields = Omit<RequestFields<string>, 'schemaVersion' | 'caller' | NewField> &
  Partial<Pick<RequestFields<string>, NewField>> & {
    readonly caller: Omit<EntryCaller, 'actor' | 'model'> & Partial<EntryCaller>;
  };
type NewField = 'token' | 'requestInTs';

/** The request that an entry is about. A planned request has this shape. */
export interface EntryRequest {
  readonly requestId: string;
  readonly question: EntryQuestion;
  readonly caller: Omit<Caller, 'assurance' | 'person'>;
  /** Undefined for an act without a token. */
  readonly token: { readonly idHash: string } | undefined;
  /** Real time of arrival. Undefined for an act that did not come as a request. */
  readonly at: Date | undefined;
}

/** What the builder of an entry about a request is given: the request, real time now, and the fields of the kind. */
export type RequestFacts<Body extends RequestFields<string>> = {
  readonly request: EntryRequest;
  readonly at: Date;
} & Omit<Body, keyof RequestFields<string>>;

/** Returns the fields of an entry about a request. */
export function requestFields<Kind extends string>(kind: Kind, request: EntryRequest, at: Date): RequestFields<Kind> {
  return {
    ...commonFields(kind, { requestId: request.requestId, at }),
    ...questionOf(request.question),
    caller: entryCaller(request.caller),
    token: request.token?.idHash ?? null,
    requestInTs: request.at?.getTime() ?? null,
  };
}

/** Returns the fields of another entry about the request of this one, which may be of an earlier version. */
export function fieldsOfSameRequest<Kind extends string>(
  kind: Kind,
  { requestId, caller, token = null, requestInTs = null, ...question }: ReadFields,
  at: Date,
): RequestFields<Kind> {
  return {
    ...commonFields(kind, { requestId, at }),
    ...questionOf(question),
    caller: { ...caller, actor: caller.actor ?? null, model: caller.model ?? null },
    token,
    requestInTs,
  };
}

function questionOf(question: EntryQuestion): EntryQuestion {
  const { surface, purpose, case: matter, documentHash, documentName, operationName } = question;
  return { surface, purpose, case: matter, documentHash, documentName, operationName };
}

/** A citizen is a subject in entries and is never named as a caller, so `person` is left out. */
function entryCaller({ agency, system, kind, officer, actor, model }: EntryRequest['caller']): EntryCaller {
  return {
    agency: agency?.id ?? null,
    system,
    kind,
    officer: officer ?? null,
    actor: actor ?? null,
    model: model === undefined ? null : { id: model.id, version: model.version },
  };
}
