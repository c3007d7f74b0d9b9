import {
  ENTRY_SCHEMA_VERSION,
  entrySubject,
  type CompletionBody,
  type EntryCaller,
  type EntryDraft,
  type EntryQuestion,
  type EntrySubject,
  type IntentBody,
  type RefusalBody,
} from '../../../monitoring/audit/entries.js';

const AT = '2026-11-23T10:00:00.000Z';
const CALLER: EntryCaller = {
  agency: 'housing',
  system: 'housing',
  kind: 'system',
  officer: null,
  actor: null,
  model: null,
};
/** What every entry about a request names beside its question. */
const COMING = { caller: CALLER, token: 'c'.repeat(64), requestInTs: Date.parse(AT) };

const QUESTION: EntryQuestion = {
  surface: 'graphql',
  purpose: 'housing_queue',
  case: { agency: 'housing', number: 'HQ-2026-000101' },
  documentHash: `sha256:${'ab'.repeat(32)}`,
  documentName: 'HousingQueue',
  operationName: 'HousingQueue',
};

/** Salts, tokens and sealed identities of made-up subjects, by their names. */
export function besideOf(
  subjects: readonly string[],
): Required<Pick<EntryDraft['beside'], 'subjectSalts' | 'subjectTokens' | 'subjectSealed'>> {
  return {
    subjectSalts: subjects.map(saltOf),
    subjectTokens: subjects.map(tokenOf),
    subjectSealed: subjects.map(sealedOf),
  };
}

export const tokenOf = (subject: string): string => Buffer.from(subject).toString('hex').padEnd(32, '0').slice(0, 32);
const sealedOf = (subject: string): Buffer => Buffer.from(`sealed identity of ${subject}`);
const saltOf = (subject: string): string => Buffer.from(`salt of ${subject}`).toString('hex');

/** The people of an entry, by their names. */
export function committed(subjects: readonly string[]): readonly EntrySubject[] {
  return subjects.map((identifier) =>
    entrySubject({
      identifier,
      token: tokenOf(identifier),
      salt: Buffer.from(saltOf(identifier), 'hex'),
      sealed: sealedOf(identifier),
    }),
  );
}

export function intentDraft(
  requestId: string,
  { subjects = [], ...changes }: Partial<Omit<IntentBody, 'subjects'>> & { readonly subjects?: readonly string[] } = {},
): EntryDraft {
  const body: IntentBody = {
    schemaVersion: ENTRY_SCHEMA_VERSION,
    kind: 'intent',
    requestId,
    at: AT,
    ...QUESTION,
    ...COMING,
    reads: [
      { register: 'population', coordinate: 'Person.lastName', category: 'population.identity', access: 'disclose' },
    ],
    policySet: 'p1',
    catalogue: 'c1',
    configuration: 'f1',
    ...changes,
    subjects: committed(subjects),
  };
  return { body, beside: besideOf(subjects) };
}

export function completionDraft(
  requestId: string,
  changes: Partial<CompletionBody> = {},
  answerSalt?: string,
): EntryDraft {
  const body: CompletionBody = {
    schemaVersion: ENTRY_SCHEMA_VERSION,
    kind: 'completion',
    requestId,
    at: AT,
    ...QUESTION,
    ...COMING,
    outcome: 'answered',
    subjects: [],
    disclosed: [],
    withheld: [],
    registers: [],
    policySet: 'p1',
    catalogue: 'c1',
    configuration: 'f1',
    answer: null,
    durationMs: 12,
    ...changes,
  };
  return { body, beside: answerSalt === undefined ? {} : { answerSalt } };
}

export function refusalDraft(requestId: string, changes: Partial<RefusalBody> = {}): EntryDraft {
  const body: RefusalBody = {
    schemaVersion: ENTRY_SCHEMA_VERSION,
    kind: 'refusal',
    requestId,
    at: AT,
    ...QUESTION,
    ...COMING,
    code: 'POLICY_DENIED',
    reasons: [],
    subjects: [],
    categories: [],
    policySet: 'p1',
    configuration: 'f1',
    answer: null,
    ...changes,
  };
  return { body, beside: {} };
}
