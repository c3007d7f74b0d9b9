import { expect } from 'chai';
import { OperationTypeNode } from 'graphql';
import type { FetchSelection } from '../../../../adapters/port.js';
import { adapterOf, pick, PreparedCalls } from '../../../../gateway/execution/fetch/prepared-calls.js';
import { memoryAdapter } from '../harness.js';

/** Prepared calls over an adapter that counts what it prepares. */
function counting(): { readonly calls: PreparedCalls; readonly prepared: FetchSelection[] } {
  const prepared: FetchSelection[] = [];
  const adapter = {
    ...memoryAdapter('people', {}),
    prepare: (selection: FetchSelection) => (prepared.push(selection), { register: 'people', selection }),
  };
  return {
    calls: new PreparedCalls(adapter, { kind: 'root', operation: OperationTypeNode.QUERY, variableDefinitions: [] }),
    prepared,
  };
}

describe('prepared calls', () => {
  it('are prepared once for each combination of denied categories', () => {
    const { calls, prepared } = counting();
    const first = calls.for('', () => []);
    expect(calls.for('', () => expect.fail('the selection is cut once'))).to.equal(first);
    expect(calls.for('population.identity', () => [])).to.not.equal(first);
    expect(prepared).to.have.length(2);
  });

  it('keep 64 combinations, and drop the one that was not used for the longest time', () => {
    const { calls, prepared } = counting();
    for (let combination = 0; combination < 64; combination += 1) calls.for(`c${combination}`, () => []);
    calls.for('c0', () => []);
    expect(prepared).to.have.length(64);
    calls.for('c64', () => []);
    calls.for('c0', () => []);
    expect(prepared, 'c0 is kept: it was used since').to.have.length(65);
    calls.for('c1', () => []);
    expect(prepared, 'c1 was dropped').to.have.length(66);
  });

  it('take the variables that have a value, and no inherited one', () => {
    expect({ ...pick(['a', 'b', 'toString'], { a: null, c: 1 }) }).to.deep.equal({ a: null });
  });

  it('need an adapter for every register of the plan', () => {
    expect(() => adapterOf('tax', { adapters: new Map() } as never)).to.throw('register tax, which has no adapter');
  });
});
