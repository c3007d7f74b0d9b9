import { expect } from 'chai';
import { parse } from 'graphql';
import { RegisterFailure, type Adapter, type RegisterAnswer } from '../../../adapters/port.js';
import { FAILURE_ADVICE } from '../../../schemas/failures/register-failure-advice.js';
import type { FailureReason } from '../../../schemas/failures/register-failure.js';
import { probeRegister, type ProbeResult } from '../../../gateway/probe/probe-register.js';
import { probeSelection } from '../../../gateway/probe/probe-selection.js';
import { Numeral } from '../../../schemas/numeral.js';
import type { Finding, Quality } from '../../../schemas/ports/quality.js';
import type { Verdict } from '../../../schemas/vocabulary.js';
import { standingClock } from '../../doubles.js';

const SELECTION =
  probeSelection(parse('type Person @key(fields: "iin") { iin: ID! papers: [Paper] } type Paper { number: String }')) ??
  expect.fail('no selection');
const FINDING: Finding = {
  rule: 'c.Paper.number#pattern',
  dimension: 'conformity',
  severity: 'warning',
  field: 'number',
};

/** Papers are judged as told, persons pass. */
const quality = (verdict: Verdict): Quality => ({
  contractVersion: () => '1.2.0',
  prepare: (_register, type) => ({
    check: () =>
      type === 'Paper' ? { verdict, findings: verdict === 'pass' ? [] : [FINDING] } : { verdict: 'pass', findings: [] },
    critical: new Set(),
  }),
});
const adapter = (read: Adapter['read']): Adapter => ({
  register: 'people',
  prepare: () => ({ register: 'people' }),
  read,
  close: async () => undefined,
});
const answers = (
  record: Record<string, unknown> | null,
  errors: RegisterAnswer['groups'][number]['errors'] = [],
): Adapter => adapter(async () => ({ groups: [{ records: [record], errors }] }));
const probe = (of: Adapter, verdict: Verdict = 'pass'): Promise<ProbeResult> =>
  probeRegister(SELECTION, 'the person', {
    adapter: of,
    quality: quality(verdict),
    clock: standingClock(),
    timeoutMs: 30_000,
  });
const told = ({ steps }: ProbeResult): string[] =>
  steps.map(({ step, holds, found }) => `${step} ${holds ? 'holds' : 'fails'}: ${found}`);

describe('the probe of a register', () => {
  it('reads the test person and judges every object of the record', async () => {
    const result = await probe(answers({ iin: 'the person', papers: [{ number: 'x' }, { number: 'y' }] }), 'flagged');
    expect(told(result)).to.deep.equal([
      'reach holds: it answers',
      'authenticate holds: it takes the credentials',
      'read holds: 3 objects',
      'contract holds: flagged, version 1.2.0',
    ]);
    expect(result.findings).to.deep.equal([FINDING, FINDING]);
  });

  it('fails for a record that the contract rejects, and says nothing of what is in it', async () => {
    const result = await probe(answers({ iin: 'the person', papers: [{ number: 'SECRET' }] }), 'rejected');
    expect(told(result).at(-1)).to.equal('contract fails: rejected, version 1.2.0');
    expect(JSON.stringify(result)).to.not.include('SECRET').and.not.include('the person');
  });

  it('judges values as an answer does: right ones in the form of their type, wrong ones with a finding', async () => {
    const selected = probeSelection(
      parse(`scalar Decimal enum Kind { A B }
        type Person @key(fields: "iin") { iin: ID! amount: Decimal kind: Kind marks: [Int] papers: [Paper] }
        type Paper { number: String }`),
    );
    const seen: unknown[] = [];
    const sent = async (record: Record<string, unknown>): Promise<ProbeResult> => {
      seen.length = 0;
      return probeRegister(selected ?? expect.fail('no selection'), 'the person', {
        adapter: answers(record),
        quality: {
          contractVersion: () => '1.2.0',
          prepare: () => ({
            check: (judged) => (seen.push({ ...judged }), { verdict: 'pass', findings: [] }),
            critical: new Set(['kind']),
          }),
        },
        clock: standingClock(),
        timeoutMs: 30_000,
      });
    };
    const right = { iin: 7, amount: new Numeral('19.10'), kind: 'A', marks: [1, null], papers: [] };
    expect(told(await sent(right)).at(-1)).to.equal('contract holds: pass, version 1.2.0');
    expect(seen).to.deep.equal([{ ...right, iin: '7', amount: '19.10' }]);
    const flagged = await sent({ ...right, marks: [1, new Numeral('3.0')], papers: [{ number: 5 }] });
    expect(told(flagged).at(-1)).to.equal('contract holds: flagged, version 1.2.0');
    expect(flagged.findings.map(({ rule, severity }) => `${rule} ${severity}`)).to.deep.equal([
      'people.Person.marks#int warning',
      'people.Paper.number#string warning',
    ]);
    const rejected = await sent({ ...right, kind: 'SECRET' });
    expect(told(rejected).at(-1)).to.equal('contract fails: rejected, version 1.2.0');
    expect(rejected.findings.map(({ rule, severity }) => `${rule} ${severity}`)).to.deep.equal([
      'people.Person.kind#enum error',
    ]);
    expect(JSON.stringify(rejected)).to.not.include('SECRET');
  });

  it('says when no one has the number, and when a field failed', async () => {
    const failedOf = async (of: Adapter) => (await probe(of)).steps.filter(({ result }) => result === 'failed');
    const [unknown] = await failedOf(answers(null));
    expect(unknown).to.include({ step: 'read', found: 'it knows no one with the number of the test person' });
    const field = { path: [0, 'papers'], reason: 'graphql_errors' as const };
    const [failed] = await failedOf(answers({ iin: 'the person', papers: null }, [field]));
    expect(failed).to.include({ step: 'read', reason: 'graphql_errors', at: '/papers' });
  });

  const NOT_TRIED = ['unknown: not tried'];
  const FAILURES: Readonly<Record<string, readonly string[]>> = {
    deadline: ['failed: deadline', ...NOT_TRIED, ...NOT_TRIED],
    tls_expired: ['failed: tls_expired', ...NOT_TRIED, ...NOT_TRIED],
    tls_client_certificate: ['ok: it answers', 'failed: tls_client_certificate', ...NOT_TRIED],
    credentials_refused: ['ok: it answers', 'failed: credentials_refused', ...NOT_TRIED],
    overloaded: ['ok: it answers', 'unknown: the answer does not say', 'failed: overloaded'],
    status_unexpected: ['ok: it answers', 'unknown: the answer does not say', 'failed: status_unexpected'],
    content_type: ['ok: it answers', 'unknown: the answer does not say', 'failed: content_type'],
    soap_fault: ['ok: it answers', 'unknown: the answer does not say', 'failed: soap_fault'],
    sql_denied: ['ok: it answers', 'ok: it takes the credentials', 'failed: sql_denied'],
    other_subject: ['ok: it answers', 'ok: it takes the credentials', 'failed: other_subject'],
    address_agreement_ended: ['unknown: no call was made', ...NOT_TRIED, 'failed: address_agreement_ended'],
  };
  for (const [reason, steps] of Object.entries(FAILURES)) {
    it(`goes as far as the register lets it, and claims no more: ${reason}`, async () => {
      const failure = new RegisterFailure('people', reason as FailureReason, { at: '/data/0' });
      const result = await probe(adapter(() => Promise.reject(failure)));
      expect(result.steps.map(({ result: how, found }) => `${how}: ${found}`)).to.deep.equal([...steps, ...NOT_TRIED]);
      expect(result.steps.map(({ step }) => step)).to.deep.equal(['reach', 'authenticate', 'read', 'contract']);
      const failed = result.steps.filter(({ result: how }) => how === 'failed');
      expect(failed).to.have.length(1);
      expect(failed[0]).to.include({ reason, at: '/data/0', advice: FAILURE_ADVICE[reason as FailureReason] });
      expect(result.latencyMs).to.equal(undefined);
    });
  }

  it('has nothing to say of a register where the adapter has a defect', async () => {
    const result = await probe(adapter(() => Promise.reject(RegisterFailure.defect('people'))));
    expect(result.steps.map(({ result: how }) => how)).to.deep.equal(['unknown', 'unknown', 'failed', 'unknown']);
  });

  it('names each field that failed once, and not its place in a list', async () => {
    const errors = [0, 1, 2].map((place) => ({ path: [0, 'papers', place, 'number'], reason: 'value_type' as const }));
    const { steps } = await probe(answers({ iin: 'the person', papers: [] }, errors));
    expect(steps.filter(({ result: how }) => how === 'failed')).to.have.length(1);
    expect(steps[2]).to.include({ step: 'read', reason: 'value_type', at: '/papers/number' });
  });

  it('does not take a failure that a service tells with 200 for proof of the credentials', async () => {
    const { steps } = await probe(answers(null, [{ path: [0], reason: 'graphql_errors' }]));
    expect(steps.map(({ result: how }) => how)).to.deep.equal(['ok', 'unknown', 'failed', 'unknown']);
  });
});
