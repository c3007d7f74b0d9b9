import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  actEntry,
  alertEntry,
  approvalActEntry,
  auditReadEndEntry,
  auditReadEntry,
  commonFields,
  completionEntry,
  failedCompletionEntry,
  intentEntry,
  refusalEntry,
  retentionEntry,
  refusalsEntry,
  sinkEntry,
  stateEntry,
  unknownCompletionEntry,
  type EntryBody,
  type EntryRequest,
} from '../../../monitoring/audit/entries.js';
import { packageRoot } from '../../../gateway/state/package-root.js';

const AT = new Date('2026-11-23T10:00:00.000Z');
const REQUEST: EntryRequest = {
  requestId: 'r1',
  question: {
    surface: 'graphql',
    purpose: 'housing_queue',
    case: null,
    documentHash: null,
    documentName: null,
    operationName: null,
  },
  caller: { system: 's1', kind: 'system' },
  token: undefined,
  at: undefined,
};
const about = { request: REQUEST, at: AT, subjects: [], answer: null };
const sets = { policySet: 'p1', catalogue: 'c1', configuration: 'f1' };
const ending = { ...about, ...sets, disclosed: [], registers: [], durationMs: 1 };
const intent = intentEntry({ ...about, ...sets, reads: [] });

const reading = {
  requestId: 'r1',
  at: AT,
  act: 'audit_searched',
  caller: { agency: null, system: 'tereze', kind: 'operator', officer: 'o1' },
} as const;

const SINK = { act: 'sink_added', sink: 'siem', target: 'file x', targetHash: 'ab', cases: false } as const;

/** Every kind of entry. A kind without a builder here does not compile. */
const BUILT: Readonly<Record<EntryBody['kind'], readonly EntryBody[]>> = {
  intent: [intent],
  completion: [
    completionEntry({ ...ending, outcome: 'answered', withheld: [] }),
    failedCompletionEntry({ ...ending, code: 'CLIENT_GONE' }),
    unknownCompletionEntry(intent, { at: AT, subjects: [] }),
  ],
  retention: [retentionEntry({ ...reading, act: 'erased', reason: 'r', law: 'l', logs: [] })],
  refusal: [
    refusalEntry({
      ...about,
      code: 'POLICY_DENIED',
      reasons: [],
      categories: [],
      policySet: 'p1',
      configuration: 'f1',
    }),
  ],
  refusals: [refusalsEntry({ requestId: 'r1', at: AT, code: 'UNAUTHENTICATED', source: '127.0.0.1', count: 1 })],
  act: [actEntry({ ...about, act: 'consents_listed', reference: null, policies: [] })],
  state: [stateEntry({ requestId: 'r1', at: AT, act: 'initialised', reason: '', epoch: 1, closedLogs: [] })],
  sink: [sinkEntry({ requestId: 'r1', at: AT, ...SINK })],
  audit_read: [
    auditReadEntry({ ...reading, reason: null, case: null, filters: {}, subjects: [], limit: 1, continued: false }),
  ],
  audit_read_end: [auditReadEndEntry({ ...reading, rows: 0, ended: 'complete' })],
  alert: [
    alertEntry({
      ...{ requestId: 'r1', at: AT, rule: 'scan', ruleHash: 'ab', severity: 'high', case: null, subjects: [] },
      caller: { agency: 'a', system: 's', officer: null },
      ...{ since: AT.toISOString(), until: AT.toISOString(), count: 1, threshold: 1 },
      entry: { log: 'tereze/0', index: 0 },
      sentence: { kk: '', ru: '', en: '' },
    }),
  ],
  approval: [
    approvalActEntry({
      ...reading,
      act: 'approval_asked',
      action: 'search',
      asker: { agency: 'a', officer: 'o1' },
      requestHash: 'h',
      reason: 'r',
      case: null,
      filters: {},
      subjects: [],
    }),
  ],
};

describe('entries', () => {
  for (const [kind, bodies] of Object.entries(BUILT)) {
    it(`of kind ${kind} have every common field, from the one builder`, () => {
      for (const body of bodies) expect(body).to.include(commonFields(kind, { requestId: 'r1', at: AT }));
    });
  }

  it('state the caller and the token of the request in every kind about one', () => {
    const caller = { system: 's1', kind: 'ai', actor: 'o-17', model: { id: 'm', version: '1' } } as const;
    const request: EntryRequest = { ...REQUEST, caller, token: { idHash: 'ab' }, at: new Date(AT.getTime() - 7) };
    const first = intentEntry({ ...about, ...sets, reads: [], request });
    const coming = {
      caller: { agency: null, officer: null, ...caller },
      token: 'ab',
      requestInTs: AT.getTime() - 7,
    };
    for (const body of [
      first,
      unknownCompletionEntry(first, { at: AT, subjects: [] }),
      completionEntry({ ...ending, request, outcome: 'answered', withheld: [] }),
      refusalEntry({ ...about, ...sets, request, code: 'POLICY_DENIED', reasons: [], categories: [] }),
      actEntry({ ...about, request, act: 'consents_listed', reference: null, policies: [] }),
    ])
      expect(body).to.deep.include(coming);
    expect(intent).to.deep.include({ token: null, requestInTs: null });
  });

  /** So that a new common field is one change: in `commonFields` and its type. */
  it('state the common fields in one file only', () => {
    const root = packageRoot();
    const files = ['monitoring', 'gateway', 'policies'].flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
    );
    const stating = files.filter(
      (file) => file.endsWith('.ts') && /schemaVersion: ENTRY_SCHEMA/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(stating).to.deep.equal(['monitoring/audit/entries/every-entry.ts']);
  });
});
