import { expect } from 'chai';
import { parse } from 'graphql';
import { RegisterFailure, type Adapter, type RegisterAnswer } from '../../../adapters/port.js';
import type { RegisterFailureKind } from '../../../schemas/register-failure.js';
import { failureOfKind } from '../../failure-of-kind.js';
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
): Adapter => adapter(async () => ({ groups: [{ records: [record], errors }], receivedBeyondGrant: false }));
const probe = (of: Adapter, verdict: Verdict = 'pass'): Promise<ProbeResult> =>
  probeRegister(SELECTION, 'the person', {
    adapter: of,
    quality: quality(verdict),
    clock: standingClock(),
    timeoutMs: 100,
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
        timeoutMs: 100,
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
    expect(told(await probe(answers(null))).at(-1)).to.equal(
      'read fails: it knows no one with the number of the test person',
    );
    expect(
      told(
        await probe(answers({ iin: 'the person', papers: null }, [{ path: [0, 'papers'], reason: 'graphql_errors' }])),
      ).at(-1),
    ).to.equal('read fails: graphql_errors');
  });

  const FAILURES: Readonly<Record<RegisterFailureKind, string>> = {
    timeout: 'reach fails: timeout: deadline',
    cancelled: 'reach fails: cancelled',
    transport: 'reach fails: transport: connection_cut',
    unavailable: 'reach fails: unavailable: breaker_open',
    overloaded: 'authenticate fails: overloaded: overloaded',
    denied: 'authenticate fails: denied: credentials_refused',
    failed: 'read fails: failed: sql_failed',
    malformed: 'read fails: malformed: envelope_missing',
  };
  for (const [kind, last] of Object.entries(FAILURES)) {
    it(`goes as far as the register lets it: ${kind}`, async () => {
      const failing = adapter(() => Promise.reject(failureOfKind('people', kind as RegisterFailureKind)));
      const result = await probe(failing);
      expect(told(result).at(-1)).to.equal(last);
      expect(result.steps.slice(0, -1).every(({ holds }) => holds)).to.equal(true);
      expect(result.latencyMs).to.equal(undefined);
    });
  }

  it('says which rule of JSON an answer breaks', async () => {
    const failure = new RegisterFailure('people', 'json_duplicate_name');
    expect(told(await probe(adapter(() => Promise.reject(failure)))).at(-1)).to.equal(
      'read fails: malformed: json_duplicate_name',
    );
  });
});
