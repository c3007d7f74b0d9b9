import { expect } from 'chai';
import { governedHousehold } from '../../bench/governed-household.js';
import type { ExecutionOutcome } from '../../gateway/execution/port.js';

describe('the household of a measurement', () => {
  it('is answered as a whole and has an entry', async function () {
    this.timeout(60_000);
    const work = await governedHousehold(4);
    const { errors, data } = (await work()) as ExecutionOutcome;
    expect(errors).to.deep.equal([]);
    expect(data).to.have.nested.property('citizen.household').with.length(3);
  });
});
