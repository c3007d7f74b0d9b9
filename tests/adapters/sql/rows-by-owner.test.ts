import { expect } from 'chai';
import { rowsByOwner } from '../../../adapters/sql/rows-by-owner.js';
import { OWNER } from '../../../adapters/sql/statement.js';

describe('rows by owner', () => {
  it('keeps each owner’s rows in their order, padded as a bpchar comes, and has a place for who owns nothing', () => {
    const rows = [
      { [OWNER]: 'b', n: 1 },
      { [OWNER]: 'a  ', n: 2 },
      { [OWNER]: 'b', n: 3 },
    ];
    const owned = rowsByOwner(rows, ['a', 'b', 'c']);
    expect([...(owned ?? [])].map(([owner, own]) => [owner, own.map(({ n }) => n)])).to.deep.equal([
      ['a', [2]],
      ['b', [1, 3]],
      ['c', []],
    ]);
  });

  it('takes none when one is someone’s who was not asked about', () => {
    expect(rowsByOwner([{ [OWNER]: 'a' }, { [OWNER]: 'z' }], ['a'])).to.equal(undefined);
  });
});
