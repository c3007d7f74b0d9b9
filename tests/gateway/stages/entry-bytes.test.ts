import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_ADMISSION } from '../../../gateway/admission/admission.js';
import { approvalEntry } from '../../../gateway/approvals/approval-entry.js';
import type { AccessRecord } from '../../../gateway/access/access-record.js';
import type { DocumentReach } from '../../../gateway/approvals/reach.js';
import type { Received } from '../../../gateway/request.js';
import { intendAct, intendQuestion, type IntendDependencies } from '../../../gateway/stages/intend.js';
import { recordConsent, recordHandle } from '../../../gateway/stages/record/acts.js';
import { recordQuestion } from '../../../gateway/stages/record/graphql.js';
import { withConfirmedCase } from '../../../gateway/stages/authorize/confirm-case.js';
import { refuse } from '../../../gateway/stages/refuse.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { canonicalBytes } from '../../../monitoring/audit/canonical.js';
import {
  alertEntry,
  approvalActEntry,
  auditReadEndEntry,
  auditReadEntry,
  ENTRY_SCHEMA_VERSION,
  type EntryBody,
  type EntryCaseFound,
  type EntryLogReader,
  refusalsEntry,
  retentionEntry,
  sinkEntry,
  stateEntry,
  unknownCompletionEntry,
} from '../../../monitoring/audit/entries.js';
import { ClaimsStale } from '../../../monitoring/audit/port.js';
import { RefusalWindow } from '../../../monitoring/audit/append/refusal-window.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { NexusKind } from '../../../schemas/vocabulary.js';
import { SEALS_NOTHING } from '../../../monitoring/identity/identity-sealing.js';
import { seededRandom, silentObserver, standingClock } from '../../doubles.js';
import { committed, intentDraft } from '../../monitoring/audit/drafts.js';
import {
  APPLICANT,
  authenticated,
  CASE_FACTS,
  intendedRecord,
  executedRecord,
  SPOUSE,
  CLAIM,
  executed,
  FakeLog,
  intended,
  planned,
} from './requests.js';

const READ_ID = '00000000-0000-4000-8000-000000000003';
const AUDITOR: EntryLogReader = { agency: null, system: 'tereze', kind: 'operator', officer: 'auditor' };
const FOLDER = join(packageRoot(), 'tests', 'golden', 'entries', String(ENTRY_SCHEMA_VERSION));

function needs(audit: FakeLog) {
  return {
    audit,
    clock: standingClock(),
    random: seededRandom(),
    pseudonyms: { indexToken: () => 'token' },
    identities: SEALS_NOTHING,
    policySet: 'set',
    catalogue: 'cat',
    configuration: 'conf',
    observer: silentObserver(),
    fence: undefined,
    contractVersion: () => '1.0.0',
    countRefusal: () => undefined,
    admission: NO_ADMISSION,
    handles: { people: async () => [] },
    replay: { use: async () => 'first' as const },
  } satisfies IntendDependencies & Record<string, unknown>;
}

type Needs = ReturnType<typeof needs>;

const CONSENT = {
  id: CLAIM.consentId,
  revision: 3,
  status: 'given',
  agency: 'housing',
  purpose: 'housing_queue',
  caseNumber: undefined,
  categories: ['property.land'],
  validUntil: '2026-12-23T10:00:00.000Z',
} as never;

const ID = '00000000-0000-4000-8000-000000000003';

const REACH: DocumentReach = {
  document: `sha256:${'ab'.repeat(32)}`,
  name: 'HousingQueue',
  owner: 'housing',
  allowed: ['housing'],
  purposes: ['housing_queue'],
  registers: ['population'],
  categories: ['population.identity, disclose'],
  subjects: ['named by iin'],
};

const CITIZEN = { system: 'portal', kind: 'citizen', assurance: 'high', person: APPLICANT } as const;

const consentQuestion = (operationName: string) => ({
  surface: 'consents' as const,
  purpose: 'own_data',
  case: null,
  documentHash: null,
  documentName: null,
  operationName,
});

const consent = (act: 'give' | 'withdraw' | 'list') => ({
  ...intended(),
  caller: CITIZEN,
  question: consentQuestion(`${act}Consent`),
  work: (act === 'withdraw' ? { act, consentId: CLAIM.consentId } : { act }) as never,
  allowed: { person: APPLICANT },
  outcome:
    act === 'list'
      ? { page: { consents: [CONSENT] } }
      : { change: async () => ({ record: CONSENT, restriction: undefined }) },
});

const officer = () => ({
  ...authenticated(),
  caller: { ...authenticated().caller, kind: 'officer' as const, officer: 'o-17' },
});

/** An AI service that acts for an officer. */
const model = () => ({
  ...authenticated(),
  caller: {
    ...authenticated().caller,
    kind: 'ai' as const,
    actor: 'o-17',
    model: { id: 'appeals-summary', version: '2026-11' },
  },
});

/** The request, after its case system said this. */
function found<Request extends Pick<Received, 'access'>>(said: EntryCaseFound, request: Request): Request {
  request.access.recordCase(said);
  return request;
}

/** The request, after its case system named the applicant. */
function tied<Request extends Pick<Received, 'access'>>(request: Request): Request {
  request.access.recordNexus(CASE_FACTS);
  return request;
}

/** The record of a request that read the applicant and, by a link of a register, the spouse, by law. */
function lawfulRecord(): AccessRecord {
  const access = intendedRecord();
  access.recordNexus(CASE_FACTS);
  const applicant = { id: APPLICANT, role: 'self' };
  const spouse = { id: SPOUSE, role: 'spouse', via: applicant };
  access.recordLink('population', spouse);
  const granted = (nexus: NexusKind, policies: readonly string[]) =>
    new Map([
      [
        'population.identity',
        { access: 'disclose' as const, grant: { basis: 'public_task' as const, nexus, policies } },
      ],
    ]);
  access.recordRead({ subject: applicant, granted: granted('application', ['p']) });
  access.recordRead({ subject: spouse, granted: granted('relation', ['q']) });
  return access;
}

/** The record of a citizen who read their own data. */
function ownRecord(): AccessRecord {
  const access = intendedRecord();
  const facts = { issuer: 'https://issuer.test', token: 'a'.repeat(64), subject: APPLICANT };
  const answered = { source: 'https://issuer.test', answeredAt: '2026-11-23T10:00:00.000Z', people: [APPLICANT] };
  access.recordNexus({ ...answered, facts });
  const grant = { basis: 'legal_obligation', nexus: 'self', policies: ['own'] } as const;
  const granted = new Map([['pension.accruals', { access: 'disclose' as const, grant }]]);
  access.recordRead({ subject: { id: APPLICANT, role: 'self' }, granted });
  return access;
}

const confirmed = <Request extends Pick<Received, 'access'>>(request: Request): Request =>
  found({ status: 'verified', confirmedAt: '2026-11-23T10:00:00.250Z' }, request);

/** One entry of each kind that the gateway writes, from facts that do not change. */
const ENTRIES: Readonly<Record<string, (needs: Needs) => Promise<unknown>>> = {
  intent: (with_) => intendQuestion(intended(), with_),
  'intent-act': (with_) =>
    intendAct({ ...intended(), question: consentQuestion('giveConsent'), caller: CITIZEN }, with_),
  'completion-answered': (with_) => recordQuestion(executed(), with_),
  'completion-lawful': (with_) => recordQuestion(executed({}, lawfulRecord()), with_),
  'completion-own-data': (with_) =>
    recordQuestion({ ...executed({}, ownRecord()), caller: CITIZEN, case: undefined }, with_),
  'completion-protected': (with_) => {
    const access = executedRecord();
    access.recordAbsent({ subject: { id: SPOUSE, role: 'spouse' } });
    return recordQuestion(executed({}, access), with_);
  },
  'completion-protected-dwellings': (with_) => {
    const access = executedRecord();
    for (const code of ['D-1', 'D-2', 'D-1']) access.recordHiddenDwelling(code);
    return recordQuestion(executed({}, access), with_);
  },
  'completion-broken-off': (with_) => {
    const access = executedRecord();
    access.beginRead('property', 0, { all: [] }).next({ carriesId: true }).recordSent();
    return refuse(intended(access), new Refusal('CLIENT_GONE'), with_);
  },
  'completion-register-failed': (with_) => {
    const access = executedRecord();
    const read = access.beginRead('property', 0, { all: [] });
    read.next({ carriesId: true, identifierInAddress: true }).recordSent();
    read.end({
      failure: 'DOWNSTREAM_SERVICE_ERROR',
      reason: 'tls_expired',
      durationMs: 7,
      retrievedAt: '2026-11-23T10:00:00.000Z',
    });
    return recordQuestion(executed({}, access), with_);
  },
  'completion-withdrawn': (with_) => {
    with_.audit.failNext = new ClaimsStale([CLAIM]);
    return recordQuestion(executed(), with_);
  },
  'completion-failed': (with_) => refuse(intended(), new Refusal('REQUEST_TIMEOUT', { reasons: ['answer'] }), with_),
  'completion-unknown': async (with_) => {
    const planned = [{ register: 'population', fetches: 2 }];
    const { body } = intentDraft('00000000-0000-4000-8000-000000000002', { subjects: ['a', 'b'], planned });
    if (body.kind !== 'intent') throw new Error('not an intent');
    const { subjects } = body;
    const at = new Date('2026-11-23T10:00:07.250Z');
    await with_.audit.append({ body: unknownCompletionEntry(body, { at, subjects }), beside: {} });
  },
  'refusal-authenticated': (with_) => refuse(officer(), new Refusal('BAD_USER_INPUT', { reasons: ['iin'] }), with_),
  'refusal-of-a-model': (with_) => refuse(model(), new Refusal('BAD_USER_INPUT', { reasons: ['iin'] }), with_),
  'refusal-without-case': (with_) =>
    refuse({ ...authenticated(), case: undefined, caller: CITIZEN }, new Refusal('BAD_USER_INPUT'), with_),
  'refusal-planned': (with_) => refuse(planned(), new Refusal('POLICY_DENIED'), with_),
  'refusal-authorized': (with_) => {
    const authorized = { ...planned(), subjects: [APPLICANT], allowed: intended().allowed };
    return refuse(authorized, new Refusal('POLICY_DENIED', { reasons: ['no_nexus'] }), with_);
  },
  'intent-case-verified': (with_) => intendQuestion(withConfirmedCase(confirmed(intended())), with_),
  'completion-case-verified': (with_) => recordQuestion(withConfirmedCase(confirmed(executed())), with_),
  'refusal-case-verified': (with_) =>
    refuse(confirmed(planned()), new Refusal('POLICY_DENIED', { reasons: ['nexus'] }), with_),
  'refusal-case-closed': (with_) =>
    refuse(found({ status: 'closed' }, planned()), new Refusal('CASE_NOT_OPEN', { reasons: ['case_closed'] }), with_),
  refusals: async ({ audit, clock, random }) => {
    const named = { perSecond: 1, burst: 9 };
    const bounds = { windowMs: 5, maxSources: 9, named };
    const window = new RefusalWindow({ audit, clock, random, observer: silentObserver(), ...bounds });
    for (let times = 0; times < 3; times += 1) window.count({ code: 'UNAUTHENTICATED', source: '10.0.0.1' });
    await window.flush();
  },
  'refusals-of-a-known-caller': async ({ audit, clock }) => {
    const counted = { code: 'RATE_LIMITED', source: '10.0.0.1', agency: 'social', system: 'social-pay', count: 12 };
    await audit.append({ body: refusalsEntry({ requestId: ID, at: clock.now(), ...counted }), beside: {} });
  },
  state: async ({ audit, clock }) => {
    const closedLogs = [{ log: 'tereze/0', size: 41, headSize: 57 }];
    const facts = { act: 'rollback_accepted', reason: 'restored after a failed disk', epoch: 2, closedLogs } as const;
    await audit.append({ body: stateEntry({ requestId: ID, at: clock.now(), ...facts }), beside: {} });
  },
  'act-consent-given': (with_) => recordConsent(consent('give'), with_),
  'act-consent-withdrawn': (with_) => recordConsent(consent('withdraw'), with_),
  'act-consents-listed': (with_) => recordConsent(consent('list'), with_),
  'act-handle-issued': (with_) =>
    recordHandle(
      {
        ...tied(intended()),
        question: { ...consentQuestion('issueHandle'), surface: 'handles', purpose: 'appeal_review' },
        work: { subject: APPLICANT, receiver: 'appeals-ai' },
        allowed: { policies: ['p1', 'p2'], policySet: 'set', nexus: 'application' },
        outcome: { change: async () => ({ handle: 'h', expiresAt: '2026-11-23T10:30:00.000Z' }) },
      },
      with_,
    ),
  'act-operation-loaded': async ({ audit }) => {
    await audit.append({
      body: approvalEntry({
        act: 'operation_loaded',
        reach: REACH,
        officer: undefined,
        at: new Date('2026-11-23T10:00:00.000Z'),
        requestId: ID,
      }),
      beside: {},
    });
  },
  'act-operation-approved': async ({ audit }) => {
    await audit.append({
      body: approvalEntry({
        act: 'operation_approved',
        reach: REACH,
        officer: 'officer-7',
        at: new Date('2026-11-23T10:00:00.000Z'),
        requestId: ID,
      }),
      beside: {},
    });
  },
  sink: async ({ audit, clock }) => {
    const facts = { act: 'sink_added', sink: 'siem', target: 'https siem.example.kz:8443' } as const;
    const more = { targetHash: 'ab'.repeat(32), cases: false };
    await audit.append({ body: sinkEntry({ requestId: ID, at: clock.now(), ...facts, ...more }), beside: {} });
  },
  'audit-read': async ({ audit, clock }) => {
    const facts = { requestId: READ_ID, at: clock.now(), act: 'audit_searched', caller: AUDITOR } as const;
    const search = { filters: { kind: 'completion' }, subjects: [], limit: 50, continued: false };
    const why = { reason: 'a complaint of the applicant', case: { agency: 'housing', number: 'HQ-2026-000101' } };
    await audit.append({ body: auditReadEntry({ ...facts, ...search, ...why }), beside: {} });
  },
  'approval-asked': async ({ audit, clock }) => {
    const caller = { ...AUDITOR, agency: 'housing', system: 'officers-desk', kind: 'officer' } as const;
    const facts = { requestId: READ_ID, at: clock.now(), act: 'approval_asked', action: 'search', caller } as const;
    const asked = { asker: { agency: 'housing', officer: 'auditor' }, requestHash: 'ab'.repeat(32) };
    const why = { reason: 'a complaint of the applicant', case: { agency: 'housing', number: 'HQ-2026-000101' } };
    const body = approvalActEntry({ ...facts, ...asked, ...why, filters: { officer: 'o-7' }, subjects: [] });
    await audit.append({ body, beside: {} });
  },
  'audit-read-of-one-entry': async ({ audit, clock }) => {
    const facts = { requestId: READ_ID, at: clock.now(), act: 'audit_entry_read', caller: AUDITOR } as const;
    const read = { filters: {}, subjects: [], entry: 'tereze/0/42', limit: 1, continued: false };
    await audit.append({ body: auditReadEntry({ ...facts, ...read, reason: null, case: null }), beside: {} });
  },
  'audit-read-end': async ({ audit, clock }) => {
    const facts = { requestId: READ_ID, at: clock.now(), act: 'audit_searched', caller: AUDITOR } as const;
    await audit.append({ body: auditReadEndEntry({ ...facts, rows: 2, ended: 'complete' }), beside: {} });
  },
  'retention-erased': async ({ audit, clock }) => {
    const facts = { requestId: READ_ID, at: clock.now(), act: 'erased', caller: AUDITOR } as const;
    const why = { reason: 'the term of the purpose is over', law: 'Law on personal data, article 12' };
    const scope = { before: '2026-01-01T00:00:00.000Z', purpose: 'housing_queue' };
    const logs = [{ log: 'tereze/0', below: 7, count: 2 }];
    await audit.append({ body: retentionEntry({ ...facts, ...why, ...scope, logs }), beside: {} });
  },
  'retention-hold-asked': async ({ audit, clock }) => {
    const facts = { requestId: READ_ID, at: clock.now(), act: 'hold_asked', caller: AUDITOR } as const;
    const why = { reason: 'proceedings of the court', hold: READ_ID };
    const scope = { case: { agency: 'housing', number: 'HQ-2026-000101' }, agency: 'housing' };
    await audit.append({ body: retentionEntry({ ...facts, ...why, ...scope }), beside: {} });
  },
  alert: async ({ audit, clock }) => {
    const body = alertEntry({
      ...{ requestId: READ_ID, at: clock.now(), rule: 'refused_then_rephrased_case', ruleHash: 'ab'.repeat(32) },
      severity: 'low',
      caller: { agency: 'housing', system: 'housing', officer: 'o-17' },
      case: { agency: 'housing', number: 'HQ-2026-000101' },
      subjects: committed(['a']),
      ...{ since: '2026-11-23T00:00:00.000Z', until: '2026-11-24T00:00:00.000Z', count: 1, threshold: 1 },
      entry: { log: 'tereze/0', index: 7 },
      sentence: {
        kk: '{who}: {case} ісі бойынша {count} жауап.',
        ru: '{who}: по делу {case} ответов {count}.',
        en: '{who}: in case {case}, answers: {count}.',
      },
    });
    await audit.append({ body, beside: {} });
  },
};

/** Stored bytes never change: readers, receipts and archives rely on them. */
describe('bytes of an entry', () => {
  for (const [name, write] of Object.entries(ENTRIES)) {
    it(`stay what they are: ${name}`, async () => {
      const audit = new FakeLog();
      await write(needs(audit));
      expect(audit.entries).to.have.length(1);
      const bytes = canonicalBytes(audit.entries[0]?.body as EntryBody).toString('utf8');
      const file = join(FOLDER, `${name}.json`);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, bytes);
      expect(bytes, 'if the change is meant, run this test with UPDATE_GOLDEN=1').to.equal(readFileSync(file, 'utf8'));
    });
  }

  it('are kept for these entries and no others', () => {
    expect(readdirSync(FOLDER).sort()).to.deep.equal(
      Object.keys(ENTRIES)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });
});
