import { expect } from 'chai';
import { country } from './country.js';
import { APPLICANT, plain } from './harness.js';

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
