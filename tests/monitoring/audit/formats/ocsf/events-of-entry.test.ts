import Ajv from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../../../gateway/state/package-root.js';
import { ocsfEvents, type OcsfEvent } from '../../../../../monitoring/audit/formats/ocsf/events-of-entry.js';
import { completionDraft, committed, refusalDraft } from '../../drafts.js';
import { arbitraryEntry } from '../../arbitrary-entry.js';
import { goldenBodies, storedBody } from '../stored-entries.js';

const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor', 'ocsf');
const schemaOf = (name: string): object => JSON.parse(readFileSync(join(VENDOR, name), 'utf8')) as object;
const ajv = new Ajv.default({ strict: false });
const VALIDATORS = {
  6003: ajv.compile(schemaOf('api_activity.schema.json')),
  6005: ajv.compile(schemaOf('datastore_activity.schema.json')),
};

function checkValid(events: readonly OcsfEvent[]): void {
  for (const event of JSON.parse(JSON.stringify(events)) as OcsfEvent[]) {
    const validate = VALIDATORS[event.class_uid];
    expect(validate(event), JSON.stringify([validate.errors, event])).to.equal(true);
  }
}

const both = [true, false] as const;
const REGISTER = {
  register: 'tax',
  calls: 2,
  callIds: ['r1-1', 'r1-2'],
  moreCalls: [101],
  requestOutTs: 1_763_900_000_000,
  responseInTs: 1_763_900_000_120,
  records: 3,
  outcome: 'failed',
  failure: 'DOWNSTREAM_SERVICE_ERROR',
  reason: 'tls_expired',
  durationMs: 120,
  beyondGrant: ['tax.debts'],
  contract: '1.0.0',
  verdicts: { pass: 3 },
} as const;

const OFFICER = {
  agency: 'housing',
  system: 'housing',
  kind: 'officer',
  officer: 'o-17',
  actor: null,
  model: null,
} as const;

describe('OCSF events', () => {
  it('of the examples are what the schemas take, and nothing more', () => {
    const example = schemaOf('api_activity.example.json');
    expect(VALIDATORS[6003](example)).to.equal(true);
    expect(VALIDATORS[6003]({ ...example, subject: 'x' })).to.equal(false);
    expect(VALIDATORS[6003](schemaOf('datastore_activity.example.json'))).to.equal(false);
  });

  for (const [name, body] of goldenBodies())
    it(`are valid for ${name}`, () => {
      for (const cases of both) {
        const events = ocsfEvents(storedBody(body), { cases });
        expect(events).to.have.length.at.least(body.kind === 'intent' ? 0 : 1);
        checkValid(events);
      }
    });

  it('are valid for every entry that the schema of entries allows', () => {
    fc.assert(
      fc.property(arbitraryEntry, fc.boolean(), (body, cases) => {
        checkValid(ocsfEvents(storedBody(body), { cases, origin: 'log.example.kz/tereze' }));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('are valid, and there, for an entry whose bytes someone changed', () => {
    const json = fc.dictionary(
      fc.constantFrom(...['kind', 'at', 'caller', 'case', 'subjects', 'registers', 'disclosed', 'withheld', 'source']),
      fc.oneof(fc.jsonValue(), fc.constantFrom('completion', 'refusals', 'act', 'audit_read_end')),
    );
    fc.assert(
      fc.property(json, (body) => {
        const events = ocsfEvents({ ...storedBody(body), intact: false }, { cases: true });
        expect(events).to.have.length.at.least(body['kind'] === 'intent' ? 0 : 1);
        checkValid(events);
      }),
      { numRuns: 300, seed: 1 },
    );
    const [event] = ocsfEvents({ ...storedBody({}), intact: false }, { cases: true });
    expect(event).to.deep.include({ severity: 'High' });
    expect(event?.unmapped['changed']).to.deep.equal(['leaf']);
  });

  it('take every address of a peer', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (source) => {
        checkValid(ocsfEvents(storedBody({ kind: 'refusals', code: 'X', source, count: 2 }), { cases: false }));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('are one 6003 for a request and one 6005 for each register, under one id', () => {
    const { body } = completionDraft('r1', { registers: [REGISTER, { ...REGISTER, register: 'population' }] });
    const events = ocsfEvents(storedBody(body, 41), { cases: false, origin: 'log.example.kz/tereze' });
    expect(events.map(({ class_uid: classUid }) => classUid)).to.deep.equal([6003, 6005, 6005]);
    expect(new Set(events.map(({ metadata }) => metadata.correlation_uid))).to.deep.equal(new Set(['r1']));
    expect(events.map(({ metadata }) => metadata.uid)).to.deep.equal([
      'log.example.kz/tereze/3/41',
      'log.example.kz/tereze/3/41/tax',
      'log.example.kz/tereze/3/41/population',
    ]);
    const [request, tax] = events;
    expect(request).to.deep.include({ status: 'Success', severity: 'Informational' });
    expect(request?.metadata).to.deep.include({
      log_name: 'log.example.kz/tereze/3',
      sequence: 41,
      tags: [{ name: 'leaf_hash', value: storedBody(body).leafHash }],
    });
    expect(request).to.deep.include({
      actor: { app_uid: 'housing' },
      src_endpoint: { uid: 'housing' },
      api: { operation: 'HousingQueue', service: { name: 'graphql' }, request: { uid: 'r1' } },
    });
    expect(tax).to.deep.include({
      status: 'Failure',
      status_code: 'DOWNSTREAM_SERVICE_ERROR',
      status_detail: 'tls_expired',
      severity: 'Low',
      start_time: 1_763_900_000_000,
      database: { name: 'tax', type_id: 99, type: 'Register' },
    });
    expect(tax?.unmapped).to.deep.include({
      ...{ calls: 2, records: 3, call_ids: ['r1-1', 'r1-2', 'r1-101'] },
      ...{ received_beyond_grant: true, beyond_grant: ['tax.debts'] },
    });
  });

  it('are a failure with its code for a refusal, and none for an intent', () => {
    const { body } = refusalDraft('r2', { reasons: ['no_nexus'], caller: OFFICER });
    expect(ocsfEvents(storedBody(body), { cases: false })[0]).to.deep.include({
      status: 'Failure',
      status_code: 'POLICY_DENIED',
      status_detail: 'no_nexus',
      actor: { app_uid: 'housing', user: { uid: 'o-17', type_id: 1, type: 'User', org: { uid: 'housing' } } },
    });
    expect(ocsfEvents(storedBody({ kind: 'intent' }), { cases: true })).to.deep.equal([]);
  });

  it('name a case only where they may, and of people the number', () => {
    const secret = 'Zz-2026-000101';
    const { body } = completionDraft('r3', {
      subjects: committed(['a', 'b']),
      case: { agency: 'housing', number: secret },
      disclosed: [
        {
          category: 'tax.income',
          access: 'disclose',
          basis: 'consent',
          nexus: {
            kind: 'application',
            source: 'housing',
            answeredAt: '2026-11-23T10:00:00.000Z',
            evidence: 'e'.repeat(64),
          },
          policies: ['p'],
          consents: ['11111111-2222-4333-8444-555555555555@2'],
          subjects: [0],
        },
      ],
    });
    const reading = {
      kind: 'audit_read',
      act: 'audit_searched',
      reason: secret,
      filters: { case: secret },
      case: null,
    };
    for (const one of [body, reading]) {
      const told = (cases: boolean): string => JSON.stringify(ocsfEvents(storedBody(one), { cases }));
      expect(told(true)).to.include(secret);
      expect(told(false)).not.to.include(secret);
    }
    const text = JSON.stringify(ocsfEvents(storedBody(body), { cases: true }));
    expect(text).to.include('"people":2').and.not.include('11111111-2222');
    for (const { person, index } of committed(['a', 'b'])) expect(text).not.to.include(person).and.not.include(index);
  });

  it('name no person, no token and no consent of any golden entry', () => {
    for (const body of goldenBodies().values()) {
      const text = JSON.stringify(ocsfEvents(storedBody(body), { cases: true }));
      const { subjects, token, answer, reference } = body as unknown as Record<string, unknown>;
      const commitments = (Array.isArray(subjects) ? subjects : []).flatMap((one: unknown) =>
        typeof one === 'string' ? [one] : Object.values(one as object),
      );
      for (const hidden of [...commitments, token, answer])
        if (typeof hidden === 'string') expect(text).not.to.include(hidden);
      if (body.kind === 'act' && body.act.startsWith('consent') && typeof reference === 'string')
        expect(text).not.to.include(reference);
    }
  });
});
