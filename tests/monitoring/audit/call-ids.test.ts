import { expect } from 'chai';
import { MAX_CALLS } from '../../../gateway/access/access-record.js';
import { callIdsOf, entryCallIds } from '../../../monitoring/audit/entries.js';

const REQUEST = '00000000-0000-4000-8000-000000000001';
const ids = (...numbers: readonly number[]): readonly string[] => numbers.map((number) => `${REQUEST}-${number}`);

describe('ids of calls in an entry', () => {
  it('stand there in full, as always, up to the number 100', () => {
    expect(entryCallIds(ids(1, 7, 100))).to.deep.equal({ callIds: ids(1, 7, 100) });
    expect(entryCallIds([])).to.deep.equal({ callIds: [] });
  });

  it('are all found again, of every call that a request may send', () => {
    const all = ids(...Array.from({ length: MAX_CALLS }, (_, call) => call + 1));
    const listed = entryCallIds(all);
    expect(listed.moreCalls).to.have.length(MAX_CALLS - 100);
    expect(callIdsOf(REQUEST, { ...listed })).to.deep.equal(all);
    expect(callIdsOf(REQUEST, { ...entryCallIds(ids(3, 250)) })).to.deep.equal(ids(3, 250));
  });

  it('are found in entries of older versions, and in bytes that someone changed', () => {
    expect(callIdsOf(REQUEST, { callIds: ids(1, 399) })).to.deep.equal(ids(1, 399));
    expect(callIdsOf(REQUEST, {})).to.deep.equal([]);
    expect(callIdsOf(REQUEST, { callIds: [1, null, 'x'], moreCalls: ['x', 1.5, null, 101] })).to.deep.equal([
      'x',
      `${REQUEST}-101`,
    ]);
  });
});
