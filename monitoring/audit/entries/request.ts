import type { Caller, CallerKind } from '../../../schemas/vocabulary.js';
import { commonFields, type CommonFields } from './common.js';

/** The caller, as entries of authenticated requests state it. */
export interface EntryCaller {
  readonly agency: string | null;
  readonly system: string;
  readonly kind: CallerKind;
  readonly officer: string | null;
}

/** The case, as entries state it. */
export interface EntryCase {
  readonly agency: string;
  readonly number: string;
  /** Reserved: the case system confirmed the case. */
  readonly status?: 'verified';
  /** Reserved: when it confirmed the case, ISO 8601, UTC. */
  readonly confirmedAt?: string;
}

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
}

/** The request that an entry is about. A planned request has this shape. */
export interface EntryRequest {
  readonly requestId: string;
  readonly question: EntryQuestion;
  readonly caller: Omit<Caller, 'assurance' | 'person'>;
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
  };
}

/** Returns the fields of another entry about the request of this one. */
export function fieldsOfSameRequest<Kind extends string>(
  kind: Kind,
  { requestId, caller, ...question }: RequestFields<string>,
  at: Date,
): RequestFields<Kind> {
  return { ...commonFields(kind, { requestId, at }), ...questionOf(question), caller };
}

function questionOf(question: EntryQuestion): EntryQuestion {
  const { surface, purpose, case: matter, documentHash, documentName, operationName } = question;
  return { surface, purpose, case: matter, documentHash, documentName, operationName };
}

/** A citizen is a subject in entries and is never named as a caller, so `person` is left out. */
function entryCaller({ agency, system, kind, officer }: EntryRequest['caller']): EntryCaller {
  return { agency: agency?.id ?? null, system, kind, officer: officer ?? null };
}
