import type { Access, Basis, Caller, CallerKind, NexusKind, Verdict } from '../../schemas/vocabulary.js';

/**
 * Entries of the audit log, version 2 (version 1 had no `protected`), and the functions that build
 * them. Stored bytes never change. A new field means a new `schemaVersion`; readers accept all
 * versions. Every text is from a closed set, a hash, or an id: never a name, a person's number, the
 * value of a variable or the words of a register.
 */
export const ENTRY_SCHEMA_VERSION = 2;

export type EntryBody = IntentBody | CompletionBody | RefusalBody | RefusalsBody | ActBody;

/** The caller, as entries of authenticated requests state it. */
export interface EntryCaller {
  readonly agency: string | null;
  readonly system: string;
  readonly kind: CallerKind;
  readonly officer: string | null;
}

/** Fields of every entry. A field that every entry shall have is added here and in `commonFields`. */
interface CommonFields<Kind extends string> {
  readonly schemaVersion: typeof ENTRY_SCHEMA_VERSION;
  readonly kind: Kind;
  readonly requestId: string;
  /** Real time, ISO 8601 with milliseconds, UTC. */
  readonly at: string;
}

/** What a request asks, where and why. Before planning, document and operation are null. */
export interface EntryQuestion {
  readonly surface: 'graphql' | 'handles' | 'consents' | 'operations';
  readonly purpose: string | null;
  readonly case: { readonly agency: string; readonly number: string } | null;
  readonly documentHash: string | null;
  readonly documentName: string | null;
  readonly operationName: string | null;
}

/** Fields of every entry about an authenticated request. */
interface RequestFields<Kind extends string> extends CommonFields<Kind>, EntryQuestion {
  readonly caller: EntryCaller;
}

/** A schema coordinate that the plan reads, with its category. */
export interface EntryRead {
  readonly register: string;
  readonly coordinate: string;
  readonly category: string;
  readonly access: Access;
}

/** What is about to happen. Written before the first register is called. */
export interface IntentBody extends RequestFields<'intent'> {
  readonly reads: readonly EntryRead[];
  /** Salted commitments of the subjects that the question names: SHA-256(salt ‖ RFC 8785 of the identifier), hex. */
  readonly subjects: readonly string[];
  readonly policySet: string;
  readonly catalogue: string;
}

/** How a request with an intent ended. Written before a byte of the answer leaves. */
export interface CompletionBody extends RequestFields<'completion'> {
  readonly outcome: 'answered' | 'failed' | 'unknown';
  /** Every subject that a register was asked about or that a register's answer named, and every protected one. */
  readonly subjects: readonly string[];
  /** How many of `subjects` are protected: no data about them was disclosed. Left out if the number is 0. */
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

/** A category that was disclosed or read, on which basis, and about which subjects. */
export interface EntryDisclosure {
  readonly category: string;
  readonly access: Access;
  readonly basis: Basis;
  readonly nexus: NexusKind | null;
  readonly policies: readonly string[];
  /** Consent records that the disclosure relied on, `<id>@<revision>`. */
  readonly consents: readonly string[];
  /** Positions in the `subjects` of the entry. */
  readonly subjects: readonly number[];
}

/** How one register was used. */
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
export interface RefusalBody extends RequestFields<'refusal'> {
  readonly code: string;
  readonly reasons: readonly string[];
  readonly subjects: readonly string[];
  readonly categories: readonly string[];
  readonly policySet: string | null;
  readonly answer: string | null;
}

/** Refusals before authentication: one entry per second, code and source. */
export interface RefusalsBody extends CommonFields<'refusals'> {
  readonly code: string;
  /** Network source (address of the peer). */
  readonly source: string;
  readonly count: number;
}

/**
 * A change of Tereze's own state by a citizen, an agency or an officer: a consent given or withdrawn,
 * a handle issued, a trusted document approved; or the reading of one's own consents.
 */
export interface ActBody extends RequestFields<'act'> {
  readonly act: 'consent_given' | 'consent_withdrawn' | 'consents_listed' | 'handle_issued' | 'operation_approved';
  readonly subjects: readonly string[];
  /** Id and revision of what was changed (`<consent id>@<revision>`, `<document>@<fingerprint>`), never the handle itself. */
  readonly reference: string | null;
  readonly policies: readonly string[];
  readonly answer: string | null;
}

/** What the log appends: the body, and what is kept beside it and is not hashed. */
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

/** The request that an entry is about. A planned request has this shape. */
export interface EntryRequest {
  readonly requestId: string;
  readonly question: EntryQuestion;
  readonly caller: Omit<Caller, 'assurance' | 'person'>;
}

/** What the builder of an entry about a request is given: the request, real time now, and the fields of the kind. */
type RequestFacts<Body extends RequestFields<string>> = { readonly request: EntryRequest; readonly at: Date } & Omit<
  Body,
  keyof RequestFields<string>
>;

/** Returns the entry of what is about to happen. */
export function intentEntry({
  request,
  at,
  reads,
  subjects,
  policySet,
  catalogue,
}: RequestFacts<IntentBody>): IntentBody {
  return { ...requestFields('intent', request, at), reads, subjects, policySet, catalogue };
}

/** Returns the entry of a request whose end is known. */
export function completionEntry({ request, at, ...ending }: RequestFacts<CompletionBody>): CompletionBody {
  return completion(requestFields('completion', request, at), ending);
}

/** Returns the completion of a request that disclosed nothing although its intent is in the log, and why. */
export function failedCompletionEntry({
  code,
  ...facts
}: Omit<RequestFacts<CompletionBody>, 'outcome' | 'disclosed' | 'withheld'> & {
  readonly code: string;
}): CompletionBody {
  return completionEntry({
    ...facts,
    outcome: 'failed',
    disclosed: [],
    withheld: [{ category: '*', code, count: 1 }],
  });
}

/**
 * Returns the completion of an intent whose request ended in an unknown way. It repeats the intent and
 * states no disclosure.
 */
export function unknownCompletionEntry(intent: IntentBody, at: Date): CompletionBody {
  const { requestId, caller, subjects, policySet, catalogue } = intent;
  return completion(
    { ...commonFields('completion', requestId, at), ...questionOf(intent), caller },
    {
      outcome: 'unknown',
      subjects,
      disclosed: [],
      withheld: [],
      registers: [],
      policySet,
      catalogue,
      answer: null,
      durationMs: Math.max(0, at.getTime() - Date.parse(intent.at)),
    },
  );
}

/** Returns the entry of an authenticated request that was refused before its intent was written. */
export function refusalEntry({
  request,
  at,
  code,
  reasons,
  subjects,
  categories,
  policySet,
  answer,
}: RequestFacts<RefusalBody>): RefusalBody {
  return { ...requestFields('refusal', request, at), code, reasons, subjects, categories, policySet, answer };
}

/** Returns the entry that counts refusals before authentication. */
export function refusalsEntry({
  requestId,
  at,
  code,
  source,
  count,
}: { readonly requestId: string; readonly at: Date } & Omit<RefusalsBody, keyof CommonFields<string>>): RefusalsBody {
  return { ...commonFields('refusals', requestId, at), code, source, count };
}

/** Returns the entry of an act. */
export function actEntry({ request, at, act, subjects, reference, policies, answer }: RequestFacts<ActBody>): ActBody {
  return { ...requestFields('act', request, at), act, subjects, reference, policies, answer };
}

function completion(
  fields: RequestFields<'completion'>,
  ending: Omit<CompletionBody, keyof RequestFields<string>>,
): CompletionBody {
  const { outcome, subjects, disclosed, withheld, registers, policySet, catalogue, answer, durationMs } = ending;
  const hidden = ending.protected === undefined || ending.protected === 0 ? {} : { protected: ending.protected };
  return {
    ...fields,
    outcome,
    subjects,
    ...hidden,
    disclosed,
    withheld,
    registers,
    policySet,
    catalogue,
    answer,
    durationMs,
  };
}

function requestFields<Kind extends string>(kind: Kind, request: EntryRequest, at: Date): RequestFields<Kind> {
  return {
    ...commonFields(kind, request.requestId, at),
    ...questionOf(request.question),
    caller: entryCaller(request.caller),
  };
}

/** Returns the fields that every entry has. */
function commonFields<Kind extends string>(kind: Kind, requestId: string, at: Date): CommonFields<Kind> {
  return { schemaVersion: ENTRY_SCHEMA_VERSION, kind, requestId, at: at.toISOString() };
}

function questionOf(question: EntryQuestion): EntryQuestion {
  const { surface, purpose, case: matter, documentHash, documentName, operationName } = question;
  return { surface, purpose, case: matter, documentHash, documentName, operationName };
}

/** A citizen is a subject in entries and is never named as a caller, so `person` is left out. */
function entryCaller({ agency, system, kind, officer }: EntryRequest['caller']): EntryCaller {
  return { agency: agency?.id ?? null, system, kind, officer: officer ?? null };
}
