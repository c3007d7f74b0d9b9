import { expect } from 'chai';
import { compileRootFetch } from '../../../../gateway/execution/fetch/root-fetch.js';
import { rootFetchStep } from '../../../../gateway/execution/fetch/run-root-fetch.js';
import type { Execution } from '../../../../gateway/execution/port.js';
import type { Run } from '../../../../gateway/execution/run.js';
import { country, withholding } from '../country.js';
import {
  APPLICANT,
  fakeGate,
  UNKNOWN_NUMBER,
  plain,
  SPOUSE,
  errorsOf,
  type FakeAdapter,
  type Rule,
} from '../harness.js';
import { operationOf, smallFetches, smallRun } from '../small-fetches.js';
import { registersOf } from '../../../recorded-calls.js';

describe('execution: root fetch', () => {
  it('asks the gate about the person that the argument names, before the call', async () => {
    const { ask, gate } = country();
    await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }', { iin: APPLICANT });
    expect(gate.batches[0]?.map(({ subject }) => subject)).to.deep.equal([{ id: APPLICANT, role: 'self' }]);
    expect(gate.batches[0]?.[0]?.categories).to.deep.equal([
      { category: 'population.identifier', access: 'read' },
      { category: 'population.identity', access: 'disclose' },
    ]);
  });

  it('takes a handle from a variable only, where it has been resolved', async () => {
    const { plan, run, calls } = country();
    const named = await plan('query Q($h: PersonHandle!) { person(handle: $h) { birthYear } }');
    expect(plain((await run(named, { variables: { h: APPLICANT } })).data)).to.deep.equal({
      person: { birthYear: 1980 },
    });
    const literal = JSON.parse(
      JSON.stringify(named).replaceAll(
        '{"kind":"Variable","name":{"kind":"Name","value":"h"}}',
        '{"kind":"StringValue","value":"a handle"}',
      ),
    ) as typeof named;
    expect(errorsOf(await run(literal))).to.deep.equal(['person: POLICY_DENIED']);
    expect(calls).to.have.length(1);
  });

  it('leaves what is not granted out of the call', async () => {
    const { ask, calls } = country({ gate: withholding('population.identity', 'population.documents') });
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { iin lastName lifeStatus documents { type } } }',
      { iin: APPLICANT },
    );
    expect(calls[0]?.groups[0]?.fields).to.deep.equal(['citizen.iin', 'citizen.lifeStatus']);
    expect(calls[0]?.groups[0]?.operation).to.equal(
      'query Q($iin: Iin!) { citizen(iin: $iin) { iin lifeStatus } }'.replace('query Q', 'query '),
    );
    expect(errorsOf(outcome)).to.deep.equal([
      'citizen.lastName: CONSENT_REQUIRED',
      'citizen.documents: CONSENT_REQUIRED',
    ]);
    expect(plain(outcome.data)).to.deep.equal({
      citizen: { iin: APPLICANT, lastName: null, lifeStatus: 'ALIVE', documents: null },
    });
  });

  it('withholds the whole field if nothing below is granted, and makes no call', async () => {
    const { ask, calls } = country({ gate: withholding('population.identity') });
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName firstName } }', { iin: APPLICANT });
    expect(errorsOf(outcome)).to.deep.equal(['citizen: CONSENT_REQUIRED']);
    expect(outcome.withheld[0]?.category).to.equal('population.identity');
    expect(calls).to.have.length(0);
  });

  it('decides separately on two people in one fetch', async () => {
    const { ask, calls, gate } = country({ gate: withholding(['population.identity', SPOUSE]) });
    const outcome = await ask(
      'query Q($a: Iin!, $b: Iin!) { a: citizen(iin: $a) { iin lastName } b: citizen(iin: $b) { iin lastName } }',
      { a: APPLICANT, b: SPOUSE },
    );
    expect(gate.batches[0]).to.have.length(2);
    expect(calls[0]?.groups[0]?.fields).to.deep.equal(['_a_a.iin', '_a_a.lastName', '_a_b.iin']);
    expect(plain(outcome.data)).to.deep.equal({
      a: { iin: APPLICANT, lastName: 'Applicant' },
      b: { iin: SPOUSE, lastName: null },
    });
    expect(errorsOf(outcome)).to.deep.equal(['b.lastName: CONSENT_REQUIRED']);
  });

  it('asks about one person once, however often the document names them', async () => {
    const { ask, gate } = country();
    await ask('query Q($a: Iin!) { a: citizen(iin: $a) { lastName } b: citizen(iin: $a) { lifeStatus } }', {
      a: APPLICANT,
    });
    expect(gate.batches[0]).to.have.length(1);
  });

  it('answers null to a caller with a basis if no one has the number', async () => {
    const { ask } = country();
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName lands { area } } }', {
      iin: UNKNOWN_NUMBER,
    });
    expect(plain(outcome.data)).to.deep.equal({ citizen: null });
    expect(outcome.errors).to.deep.equal([]);
  });

  it('releases nothing when a register answers about someone else', async () => {
    const { ask, adapters, calls } = country();
    const population = adapters.get('population')!;
    population.intercept = async (_call, answer) => {
      const [group] = answer();
      return [
        {
          ...group!,
          records: [{ citizen: { ...(group!.records[0]!['citizen'] as object), iin: SPOUSE, _g_iin: SPOUSE } }],
        },
      ];
    };
    for (const fields of ['iin lastName lands { area }', 'lastName']) {
      const outcome = await ask(`query Q($iin: Iin!) { citizen(iin: $iin) { ${fields} } }`, { iin: APPLICANT });
      expect(errorsOf(outcome)).to.deep.equal(['citizen: REGISTER_MALFORMED_RESPONSE']);
      expect(plain(outcome.data)).to.deep.equal({ citizen: null });
    }
    expect(calls.filter(({ register }) => register === 'property')).to.have.length(0);
  });

  it('asks no one when the gate fails, and rejects', async () => {
    const gate = { ...fakeGate(), decide: () => Promise.reject(new Error('consents unreachable')) };
    const { ask, calls } = country({ gate });
    const failure = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }', { iin: APPLICANT }).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(Error);
    expect(calls).to.have.length(0);
  });

  it('rejects when the gate answers for fewer than it was asked, or says nothing of a category', async () => {
    const silent = { ...fakeGate(), decide: async () => [] };
    const { ask, calls } = country({ gate: silent });
    expect(
      await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }', { iin: APPLICANT }).catch(
        (error: unknown) => error,
      ),
    ).to.be.instanceOf(Error);
    const forgetful = { ...fakeGate(), decide: async () => [{ granted: new Map(), withheld: new Map() }] };
    const other = country({ gate: forgetful });
    const outcome = await other.ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }', { iin: APPLICANT });
    expect(errorsOf(outcome)).to.deep.equal(['citizen: POLICY_DENIED']);
    expect([...calls, ...other.calls]).to.have.length(0);
  });
});

const PEOPLE = `
  scalar Iin
  type Query { person(iin: Iin! @subjectArgument): Person @category(name: "id") }
  type Person @key(fields: "iin") @subject(field: "iin") {
    iin: Iin! @category(name: "id")
    name: String @category(name: "name")
    mates: [Iin] @listSize(assumedSize: 100) @subject(field: "mates", role: "mate") @category(name: "work")
  }
`;
const MATES = [SPOUSE, UNKNOWN_NUMBER];

interface Running {
  readonly rule?: Rule;
  readonly work?: Partial<Execution>;
  readonly answered?: string;
  readonly intercept?: FakeAdapter['intercept'];
  readonly before?: (run: Run) => void;
}

/** Runs one root fetch by itself: `a` and `b` ask about two people. */
async function running(fields: string, { rule, work, answered, intercept, before }: Running = {}) {
  const context = smallFetches({
    people: {
      sdl: PEOPLE,
      roots: { person: ({ iin }) => ({ __typename: 'Person', iin: answered ?? iin, name: 'N', mates: MATES }) },
    },
  });
  const adapter = context.adapters.get('people')!;
  adapter.intercept = intercept;
  const operation = operationOf(
    `query Q($a: Iin!, $b: Iin!) { a: person(iin: $a) { ${fields} } b: person(iin: $b) { ${fields} } }`,
  );
  const fetch = compileRootFetch(
    { kind: 'fetch', register: 'people', operation, variables: ['a', 'b'], outputRewrites: [] },
    context,
  );
  const gate = fakeGate(rule);
  const run = smallRun({ gate, variables: { a: APPLICANT, b: SPOUSE }, ...work });
  before?.(run);
  await rootFetchStep(fetch, context.grantedFields)(run);
  const codes = ['a', 'b'].map((key) => run.annotations.faultAt(run.data, key)?.code);
  return { data: plain(run.data), codes, run, calls: adapter.calls, gate };
}

describe('one root fetch', () => {
  it('merges what is granted at the top of the data, with the person that each field names', async () => {
    const { data, run, codes } = await running('iin name');
    expect(data).to.deep.equal({ a: { iin: APPLICANT, name: 'N' }, b: { iin: SPOUSE, name: 'N' } });
    const people = [run.data['a'], run.data['b']].map((one) => run.annotations.subjectOf(one as object)?.id);
    expect(people).to.deep.equal([APPLICANT, SPOUSE]);
    expect(codes).to.deep.equal([undefined, undefined]);
  });

  it('asks nothing about a person with the category withheld, and the rest about the other', async () => {
    const { data, codes, calls } = await running('name', {
      rule: ({ subject }, category) => subject.id !== SPOUSE || category !== 'name',
    });
    expect(data).to.deep.equal({ a: { name: 'N' } });
    expect(codes).to.deep.equal([undefined, 'CONSENT_REQUIRED']);
    expect(plain(calls[0]?.groups[0]?.variables)).to.deep.equal({ a: APPLICANT });
  });

  it('makes no call if nothing stays open', async () => {
    const { calls, run } = await running('name', { rule: () => false });
    expect(calls).to.deep.equal([]);
    expect(registersOf(run.accessRecord)).to.deep.equal([]);
  });

  it('answers about an absent person as about a number that no one has, and records the skipped call', async () => {
    const { data, codes, calls, run } = await running('name', { rule: () => 'absent' });
    expect(data).to.deep.equal({ a: null, b: null });
    expect(codes).to.deep.equal([undefined, undefined]);
    expect(calls).to.deep.equal([]);
    expect(registersOf(run.accessRecord)[0]).to.include({ register: 'people', calls: 0, skippedCalls: 1 });
    expect(run.accessRecord.absent).to.equal(2);
  });

  it('accepts nothing of a record about another person than the field names', async () => {
    const { data, codes } = await running('name', { answered: APPLICANT });
    expect(data).to.deep.equal({ a: { name: 'N' }, b: null });
    expect(codes).to.deep.equal([undefined, 'REGISTER_MALFORMED_RESPONSE']);
  });

  it('sets a list of links to null as a whole if one person of it is refused', async () => {
    const { data, run } = await running('iin mates', {
      rule: ({ subject }) => subject.id !== UNKNOWN_NUMBER || subject.via?.id !== APPLICANT,
    });
    expect(data).to.deep.equal({ a: { iin: APPLICANT, mates: null }, b: { iin: SPOUSE, mates: MATES } });
    expect(run.annotations.faultAt(run.data['a'] as object, 'mates')?.category).to.equal('work');
  });

  it('sets the fault of a failed call on every field that was asked', async () => {
    const { data, codes, run } = await running('name', { intercept: () => Promise.reject(new Error('down')) });
    expect(data).to.deep.equal({});
    expect(codes).to.deep.equal(['DOWNSTREAM_SERVICE_ERROR', 'DOWNSTREAM_SERVICE_ERROR']);
    expect(new Set(run.accessRecord.disclosures.map(({ access }) => access))).to.deep.equal(new Set(['asked']));
  });

  it('asks nothing once the execution has ended', async () => {
    const { calls, gate } = await running('name', { before: (run) => run.fail() });
    expect([calls, gate.batches]).to.deep.equal([[], []]);
  });

  it('makes no call for an atomic operation that lacks a basis, and names every field that is missing', async () => {
    const { calls, run } = await running('iin name', {
      rule: (_question, category) => category !== 'name',
      work: { atomic: true },
    });
    expect(calls).to.deep.equal([]);
    expect(run.annotations.withheld.map(({ category }) => category)).to.deep.equal(['name', 'name']);
    for (const key of ['a', 'b'])
      expect(run.annotations.faultAt(run.data[key] as object, 'name')?.category).to.equal('name');
  });
});
