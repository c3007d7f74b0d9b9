import { expect } from 'chai';
import { OperationTypeNode } from 'graphql';
import type { FetchSelection } from '../../../../adapters/port.js';
import { adapterOf, pick, PreparedAsks } from '../../../../gateway/execution/fetch/prepared-calls.js';
import { memoryAdapter } from '../harness.js';

/** Prepared calls over an adapter that counts what it prepares. */
function counting(): { readonly asks: PreparedAsks; readonly prepared: FetchSelection[] } {
  const prepared: FetchSelection[] = [];
  const adapter = {
    ...memoryAdapter('people', {}),
    prepare: (selection: FetchSelection) => (prepared.push(selection), { register: 'people', selection }),
  };
  return {
    asks: new PreparedAsks(adapter, { kind: 'root', operation: OperationTypeNode.QUERY, variableDefinitions: [] }),
    prepared,
  };
}

describe('prepared calls', () => {
  it('are prepared once for each combination of denied categories', () => {
    const { asks, prepared } = counting();
    const first = asks.for('', () => []);
    expect(asks.for('', () => expect.fail('the selection is cut once'))).to.equal(first);
    expect(asks.for('population.identity', () => [])).to.not.equal(first);
    expect(prepared).to.have.length(2);
  });

  it('keep 64 combinations, and drop the one that was not used for the longest time', () => {
    const { asks, prepared } = counting();
    for (let combination = 0; combination < 64; combination += 1) asks.for(`c${combination}`, () => []);
    asks.for('c0', () => []);
    expect(prepared).to.have.length(64);
    asks.for('c64', () => []);
    asks.for('c0', () => []);
    expect(prepared, 'c0 is kept: it was used since').to.have.length(65);
    asks.for('c1', () => []);
    expect(prepared, 'c1 was dropped').to.have.length(66);
  });

  it('take the variables that have a value, and no inherited one', () => {
    expect({ ...pick(['a', 'b', 'toString'], { a: null, c: 1 }) }).to.deep.equal({ a: null });
  });

  it('need an adapter for every register of the plan', () => {
    expect(() => adapterOf('tax', { adapters: new Map() } as never)).to.throw('register tax, which has no adapter');
  });
});
