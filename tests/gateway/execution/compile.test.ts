import { expect } from 'chai';
import { country } from './country.js';
import type { Gate } from '../../../schemas/ports/gate.js';
import { rejection } from '../../rejection.js';
import { APPLICANT, fakeGate, plain } from './harness.js';
import { deniedWithoutPerson } from '../../doubles.js';

/** The root fetch takes two decisions: on the person that it names, and on those that the answer names. */
const FIRST_OF_A_BRANCH = 3;

/** Counts what each register's adapter prepares from now on. */
function countPrepared(adapters: ReturnType<typeof country>['adapters']): () => number {
  let prepared = 0;
  for (const adapter of adapters.values()) {
    const { prepare } = adapter;
    Object.assign(adapter, { prepare: (...of: Parameters<typeof prepare>) => ((prepared += 1), prepare(...of)) });
  }
  return () => prepared;
}

const CONDITIONAL =
  'query Q($iin: Iin!, $a: Boolean!) { citizen(iin: $iin) { lastName lands @include(if: $a) { area } } }';

describe('branches of a plan beside each other', () => {
  const BRANCHES =
    'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } registration { city } spouse { lands { area } } } }';

  it('make no further call after the execution is lost in one of them', async () => {
    const { plan, run, adapters, calls } = country();
    const planned = await plan(BRANCHES);
    const whole = fakeGate();
    await run(planned, { variables: { iin: APPLICANT }, gate: whole });
    const before = calls.length;
    // The gate fails at the first decision after the root fetch, in one branch; it answers the others later.
    let decisions = 0;
    const failing: Gate = {
      decide: async (questions) => {
        decisions += 1;
        if (decisions === FIRST_OF_A_BRANCH) throw new Error('the gate failed');
        await new Promise((resolve) => setImmediate(resolve));
        return whole.decide(questions);
      },
      decideWithoutPerson: deniedWithoutPerson,
      countTold: () => undefined,
    };
    const failure = await rejection(run(planned, { variables: { iin: APPLICANT }, gate: failing }));
    expect(failure).to.have.property('message', 'the gate failed');
    expect(calls.slice(before).map(({ register }) => register)).to.deep.equal(['population']);
    expect(adapters.get('property')!.calls.length + adapters.get('address')!.calls.length).to.be.greaterThan(0);
  });

  it('are waited for when one of them is lost, so that no work outlives the execution', async () => {
    const { plan, run } = country();
    const planned = await plan(BRANCHES);
    const whole = fakeGate();
    let decisions = 0;
    let decideNow: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (decideNow = resolve));
    const failing: Gate = {
      decide: async (questions) => {
        decisions += 1;
        if (decisions === FIRST_OF_A_BRANCH) throw new Error('the gate failed');
        if (decisions > FIRST_OF_A_BRANCH) await held;
        return whole.decide(questions);
      },
      decideWithoutPerson: deniedWithoutPerson,
      countTold: () => undefined,
    };
    let isOver = false;
    const failure = rejection(run(planned, { variables: { iin: APPLICANT }, gate: failing }));
    void failure.then(() => (isOver = true));
    while (decisions <= FIRST_OF_A_BRANCH) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).to.equal(false);
    decideNow();
    expect(await failure).to.have.property('message', 'the gate failed');
  });
});

describe('a compiled document', () => {
  it('is compiled once for each combination of conditions', async () => {
    const { plan, run, adapters } = country();
    const prepared = countPrepared(adapters);
    const planned = await plan(CONDITIONAL);
    const count = async (a: boolean): Promise<number> => {
      await run(planned, { variables: { iin: APPLICANT, a } });
      return prepared();
    };
    const [first, again] = [await count(true), await count(true)];
    expect(first).to.be.greaterThan(0);
    expect(again, 'the same combination').to.equal(first);
    expect(await count(false), 'another combination').to.be.greaterThan(first);
    expect(await count(true), 'both are kept').to.equal(await count(false));
  });

  it('has its conditions decided: what is not included is neither asked nor answered', async () => {
    const { ask, adapters } = country();
    const without = await ask(CONDITIONAL, { iin: APPLICANT, a: false });
    expect(plain(without.data)).to.deep.equal({ citizen: { lastName: 'Applicant' } });
    expect(adapters.get('property')!.calls).to.have.length(0);
    const included = await ask(CONDITIONAL, { iin: APPLICANT, a: true });
    expect(plain(included.data)).to.have.nested.property('citizen.lands[0].area', '6.00');
  });

  it('calls no register for __typename at the top', async () => {
    const { ask, calls } = country();
    const { data } = await ask('{ __typename }');
    expect(plain(data)).to.deep.equal({ __typename: 'Query' });
    expect(calls).to.deep.equal([]);
  });

  it('needs the operation that it names', async () => {
    const { plan, run } = country();
    const planned = await plan('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }');
    const failure: unknown = await run({ ...planned, operationName: 'Other' }).catch((error: unknown) => error);
    expect(String(failure)).to.contain('no such operation');
  });
});
