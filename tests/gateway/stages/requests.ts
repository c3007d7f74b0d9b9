import type { LastSeen } from '../../../monitoring/write-watch.js';
import { AccessRecord } from '../../../gateway/access/access-record.js';
import type { AnsweredFacts } from '../../../gateway/access/nexus-facts.js';
import type { Grant } from '../../../schemas/ports/gate.js';
import type { EntryDraft } from '../../../monitoring/audit/entries.js';
import {
  AuditUnavailable,
  ProofUsedBefore,
  type AppendOptions,
  type Appended,
  type AppendedChange,
  type AuditLog,
  type StateChange,
} from '../../../monitoring/audit/port.js';
import type { ExecutionOutcome } from '../../../gateway/execution/port.js';
import type { Authenticated, Executed, Intended, Planned, Received } from '../../../gateway/request.js';
import { ProofEnd, RequestProof } from '../../../gateway/request-proof.js';
import type { QuestionAllowed, QuestionOutcome, QuestionWork } from '../../../gateway/stages/plan/graphql.js';
import type { PlannedDocument } from '../../../gateway/planning/plan.js';
import { checkDigit } from '../../../schemas/identifiers/iin.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../../schemas/vocabulary.js';
import { deniedWithoutPerson, standingClock } from '../../doubles.js';
import { checkBody } from '../../monitoring/audit/valid-entries.js';

const complete = (eleven: string): string => `${eleven}${String(checkDigit(eleven))}`;

/** People who do not exist. */
export const APPLICANT = complete('80010139001');
/** Another person who does not exist. */
export const OTHER = complete('90010149002');
export const SPOUSE = complete('82020249001');

const REQUEST_ID = '00000000-0000-4000-8000-000000000001';

export function received(overrides: Partial<Received> = {}): Received {
  return {
    requestId: REQUEST_ID,
    access: new AccessRecord(REQUEST_ID),
    surface: 'graphql',
    at: new Date('2026-11-23T10:00:00Z'),
    startedAt: 0,
    deadline: 10_000,
    source: '127.0.0.1',
    http: {
      method: 'POST',
      path: '/graphql',
      parameters: {},
      authorization: [],
      dpop: [],
      purpose: undefined,
      case: undefined,
    },
    connection: {
      known: () => undefined,
      slowDown: () => undefined,
      readBody: async () => ({}),
      whenEnded: () => undefined,
    },
    signal: new AbortController().signal,
    ...overrides,
  };
}

export function authenticated(overrides: Partial<Authenticated> = {}): Authenticated {
  return {
    ...received(),
    caller: {
      agency: { id: 'housing', bin: '900140000007' },
      system: 'housing',
      kind: 'system',
      assurance: 'none',
    },
    purpose: 'housing_queue',
    case: { agency: 'housing', number: 'HQ-2026-000101' },
    token: { issuer: 'https://issuer.test', idHash: 'a'.repeat(64), acr: undefined },
    proof: RequestProof.notNeeded(),
    ...overrides,
  };
}

export function plannedDocument(overrides: Partial<PlannedDocument> = {}): PlannedDocument {
  return {
    documentHash: 'b'.repeat(64),
    operationName: 'HousingQueue',
    loggedNames: { operation: 'HousingQueue', variables: new Map([['iin', 'iin']]) },
    plan: {
      kind: 'sequence',
      nodes: [
        { kind: 'fetch', register: 'population' },
        { kind: 'entities', register: 'property' },
      ],
    },
    footprint: [
      {
        register: 'population',
        coordinate: 'Citizen.lastName',
        category: 'population.identity',
        access: 'disclose',
        clientPaths: ['citizen.lastName'],
        ofNamed: true,
      },
      {
        register: 'property',
        coordinate: 'Citizen.iin',
        category: 'population.identifier',
        access: 'read',
        clientPaths: ['citizen.lands'],
        ofNamed: true,
      },
      {
        register: 'property',
        coordinate: 'Land.area',
        category: 'property.land',
        access: 'disclose',
        clientPaths: ['citizen.lands.area'],
        ofNamed: true,
      },
    ],
    rootSubjects: [{ register: 'population', field: 'citizen', source: { variable: 'iin' }, form: 'identifier' }],
    handleVariables: [],
    atomic: false,
    deprecations: [],
    nonNullVariables: [],
    catalogueHash: 'sha256:c',
    ...overrides,
  } as PlannedDocument;
}

export function planned(overrides: Partial<Planned<QuestionWork>> = {}): Planned<QuestionWork> {
  return {
    ...authenticated(),
    body: {},
    claimant: { caller: 'housing', weight: 1 },
    question: {
      surface: 'graphql',
      purpose: 'housing_queue',
      case: { agency: 'housing', number: 'HQ-2026-000101' },
      documentHash: 'b'.repeat(64),
      documentName: 'HousingQueue',
      operationName: 'HousingQueue',
    },
    named: { numbers: [APPLICANT], handles: [] },
    work: {
      planned: plannedDocument(),
      text: 'query HousingQueue { citizen { lastName } }',
      variables: { iin: APPLICANT },
    },
    ...overrides,
  };
}

export function intended(access = intendedRecord()): Intended<QuestionWork, QuestionAllowed> {
  return {
    ...planned(),
    access,
    subjects: [APPLICANT],
    allowed: {
      gate: { decide: async () => [], decideWithoutPerson: deniedWithoutPerson, countTold: () => undefined },
      variables: { iin: APPLICANT },
      categories: ['population.identity'],
    },
    intent: { log: 'tereze/0', index: 0, leafHash: 'd'.repeat(64) },
    proofEnd: ProofEnd.spent,
  };
}

/** What the case system answered about the applicant. */
export const CASE_FACTS: AnsweredFacts = {
  source: 'housing',
  answeredAt: '2026-11-23T10:00:00.250Z',
  people: [APPLICANT],
  facts: {
    question: { agency: 'housing', case: 'HQ-2026-000101', purpose: 'housing_queue', subjects: [APPLICANT] },
    answer: { case: { status: 'open' }, facts: [{ subject: 0, kind: 'application', reference: 'housing/1' }] },
  },
};

/** The record of a request whose intent names the applicant. */
export function intendedRecord(): AccessRecord {
  const access = new AccessRecord(REQUEST_ID, standingClock());
  access.recordIntent([APPLICANT]);
  return access;
}

/** The record of a request that read the applicant's identity, with their consent, in one call. */
export function executedRecord(): AccessRecord {
  const access = intendedRecord();
  const grant: Grant = { basis: 'consent', policies: ['p'], claim: CLAIM };
  const accessed = {
    subject: { id: APPLICANT, role: 'self' },
    granted: new Map([['population.identity', { access: 'disclose' as const, grant }]]),
  };
  const read = access.beginRead('population', 0, { all: [accessed] });
  const call = read.next({ carriesId: true });
  call.recordSent();
  call.recordAnswered();
  read.end({
    failure: null,
    records: 1,
    durationMs: 3.6,
    beyondGrant: ['population.contacts'],
    retrievedAt: '2026-11-23T10:00:00.000Z',
  });
  access.recordRead(accessed);
  return access;
}

export const CLAIM: ConsentClaim = { consentId: '11111111-1111-4111-8111-111111111111', revision: 2 };

export function outcome(overrides: Partial<ExecutionOutcome> = {}): ExecutionOutcome {
  return {
    data: { citizen: { lastName: 'Ахметов', lands: null } },
    errors: [],
    withheld: [
      { path: ['citizen', 'lands'], category: 'property.land', code: 'CONSENT_REQUIRED' },
      { path: ['citizen', 'spouse', 'lands'], category: 'property.land', code: 'CONSENT_REQUIRED' },
    ],
    records: [{ path: ['citizen'], register: 'population', type: 'Citizen', verdict: 'flagged', findings: [] }],
    ...overrides,
  };
}

export function executed(
  overrides: Partial<ExecutionOutcome> = {},
  access = executedRecord(),
): Executed<QuestionWork, QuestionAllowed, QuestionOutcome> {
  return { ...intended(access), outcome: outcome(overrides) };
}

/** For changes that make no statement. */
const NO_SQL: SqlExecutor = { query: () => Promise.reject(new Error('no statement')) };

/** An audit log in memory that can be told to fail in either form. */
export class FakeLog implements AuditLog {
  readonly entries: EntryDraft[] = [];
  readonly claims: (readonly ConsentClaim[] | undefined)[] = [];
  /** Hashes of the proofs that were used with entries. */
  readonly used = new Set<string>();
  failNext: 'not_written' | 'reply_lost' | Error | undefined;

  async appendChange<Result>({ apply, entry }: StateChange<Result>): Promise<AppendedChange<Result>> {
    const result = await apply(NO_SQL);
    return { ...(await this.append(entry(result))), result };
  }

  async append(entry: EntryDraft, { claims, use }: AppendOptions = {}): Promise<Appended> {
    const failure = this.failNext;
    this.failNext = undefined;
    if (failure instanceof Error) throw failure;
    if (failure === 'not_written') throw new AuditUnavailable();
    if (use !== undefined && this.used.has(use.hash)) throw new ProofUsedBefore();
    if (use !== undefined) this.used.add(use.hash);
    checkBody(entry.body);
    this.entries.push(entry);
    this.claims.push(claims);
    if (failure === 'reply_lost') throw new AuditUnavailable();
    return { log: 'tereze/0', index: this.entries.length - 1, leafHash: 'e'.repeat(64) };
  }

  lastSeen(): LastSeen {
    return { ok: true, ageMs: 0 };
  }

  async close(): Promise<void> {
    this.entries.length = 0;
  }
}
