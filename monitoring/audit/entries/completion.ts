import type { FailureReason } from '../../../schemas/failures/register-failure.js';
import type { Access, Basis, Verdict } from '../../../schemas/vocabulary.js';
import type { EntryPlannedCalls, IntentBody } from './intent.js';
import type { EntryNexus } from './nexus.js';
import { fieldsOfSameRequest, requestFields, type RequestFacts, type RequestFields } from './request.js';
import type { Stored } from './stored.js';
import type { EntrySubject } from './subject.js';

/** How a request with an intent ended. Written before a byte of the answer leaves. */
export interface CompletionBody extends RequestFields<'completion'> {
  readonly outcome: 'answered' | 'failed' | 'unknown';
  /**
   * Everyone that the question named, that a register was asked about or that a register's answer named, protected people
   * included. Where the outcome is `unknown`, only those that the question named.
   */
  readonly subjects: readonly EntrySubject[];
  /** How many of `subjects` are protected: no data about them was disclosed. Left out if the number is 0. */
  readonly protected?: number;
  /** How many different dwellings were left out of the answer as homes of protected people. Left out if the number is 0, and absent in versions 1 and 2. */
  readonly protectedDwellings?: number;
  /** How many more people answers of registers named than the entry has room for. Left out if the number is 0, and absent in versions 1 and 2. */
  readonly moreSubjects?: number;
  readonly disclosed: readonly EntryDisclosure[];
  readonly withheld: readonly { readonly category: string; readonly code: string; readonly count: number }[];
  readonly registers: readonly EntryRegister[];
  /** Where the outcome is `unknown`: the calls that the intent planned. What was sent of them, the registers' logs say. */
  readonly planned?: readonly EntryPlannedCalls[];
  readonly policySet: string;
  readonly catalogue: string;
  /**
   * Digest of the configuration. Absent in versions 1 to 3; null if the outcome is `unknown` and the intent is of one of
   * these versions.
   */
  readonly configuration: string | null;
  /** SHA-256(salt ‖ RFC 8785 of `{data, errors?}` exactly as sent), hex; null when unknown. */
  readonly answer: string | null;
  readonly durationMs: number;
}

/** A category that was disclosed, read or asked for, on which basis, and about which subjects. */
export interface EntryDisclosure {
  readonly category: string;
  /** `asked`: a call asked a register for it, and no answer was accepted. Versions 1 and 2 leave these out. */
  readonly access: Access | 'asked';
  readonly basis: Basis;
  /** What ties the people to the case. Null on a consent, and for data about no person. */
  readonly nexus: EntryNexus | null;
  readonly policies: readonly string[];
  /** The consent of each subject that the disclosure relied on, `<id>@<revision>`, in the order of `subjects`; empty for another basis. */
  readonly consents: readonly string[];
  /** Positions in the `subjects` of the entry. */
  readonly subjects: readonly number[];
}

/** Stands for data of a register that no field of its mapping reads: no category of it is known. */
export const BEYOND_MAPPING = '*';

/** How one register was used. */
export interface EntryRegister {
  readonly register: string;
  /** Calls that were sent, each message for itself: chunks, pages and second tries too. */
  readonly calls: number;
  /**
   * The ids that these calls carried to the register, `<requestId>-<n>`, up to n = 100. Empty where the mapping says
   * `call_id: none`. Absent in versions 1 and 2.
   */
  readonly callIds: readonly string[];
  /** The n of the ids beyond 100. Left out if there are none, and absent in versions 1 to 3, where `callIds` has all. */
  readonly moreCalls?: readonly number[];
  /**
   * When the first of these calls was sent, in milliseconds of the epoch (X-Road's name). Null if none was sent. Absent in
   * versions 1 to 3.
   */
  readonly requestOutTs: number | null;
  /**
   * When the last answer to one of these calls had arrived, an error too, in milliseconds of the epoch (X-Road's name).
   * Null if none had. Absent in versions 1 to 3.
   */
  readonly responseInTs: number | null;
  /** Records that the register's answers had: entities, and objects and items of lists of root fields. Absent in versions 1 to 3. */
  readonly records: number;
  readonly outcome: 'answered' | 'failed';
  /** Code of the first failure. For a call that was broken off: the code with which the request ended. */
  readonly failure: string | null;
  /** Why that call failed (docs/register-failures.md). Left out if nothing failed or there is no reason, and absent in versions 1 and 2. */
  readonly reason?: FailureReason;
  readonly durationMs: number;
  /**
   * Categories that the register sent though they were not granted, in order; {@link BEYOND_MAPPING} for data that no field
   * of its mapping reads. They were dropped. Versions 1 to 3 have `receivedBeyondGrant` instead: whether there was more.
   */
  readonly beyondGrant: readonly string[];
  readonly contract: string;
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** The address of a call held an identifier of a person, by an agreement. Left out if none did. */
  readonly identifierInAddress?: true;
}

/** Returns the entry of a request whose end is known. */
export function completionEntry({ request, at, ...ending }: RequestFacts<CompletionBody>): CompletionBody {
  return completion(requestFields('completion', request, at), ending);
}

/** Returns the completion of a request that disclosed nothing although its intent is in the log, and why. */
export function failedCompletionEntry({
  code,
  ...facts
}: Omit<RequestFacts<CompletionBody>, 'outcome' | 'withheld'> & {
  readonly code: string;
}): CompletionBody {
  return completionEntry({ ...facts, outcome: 'failed', withheld: [{ category: '*', code, count: 1 }] });
}

/**
 * Returns the completion of an intent of any version whose request ended in an unknown way. It repeats the intent and
 * states no disclosure. `subjects` are those of the intent, in its order.
 */
export function unknownCompletionEntry(
  intent: Stored<IntentBody>,
  { at, subjects }: { readonly at: Date; readonly subjects: readonly EntrySubject[] },
): CompletionBody {
  const { planned, policySet, catalogue, configuration = null } = intent;
  return completion(fieldsOfSameRequest('completion', intent, at), {
    outcome: 'unknown',
    subjects,
    disclosed: [],
    withheld: [],
    registers: [],
    ...(planned === undefined ? {} : { planned }),
    policySet,
    catalogue,
    configuration,
    answer: null,
    durationMs: Math.max(0, at.getTime() - Date.parse(intent.at)),
  });
}

function completion(
  fields: RequestFields<'completion'>,
  ending: Omit<CompletionBody, keyof RequestFields<string>>,
): CompletionBody {
  const { outcome, subjects, disclosed, withheld, registers, planned, policySet, catalogue } = ending;
  const { configuration, answer, durationMs } = ending;
  return {
    ...fields,
    outcome,
    subjects,
    ...(ending.protected === undefined || ending.protected === 0 ? {} : { protected: ending.protected }),
    ...(ending.protectedDwellings === undefined || ending.protectedDwellings === 0
      ? {}
      : { protectedDwellings: ending.protectedDwellings }),
    ...(ending.moreSubjects === undefined || ending.moreSubjects === 0 ? {} : { moreSubjects: ending.moreSubjects }),
    disclosed,
    withheld,
    registers,
    ...(planned === undefined ? {} : { planned }),
    policySet,
    catalogue,
    configuration,
    answer,
    durationMs,
  };
}
