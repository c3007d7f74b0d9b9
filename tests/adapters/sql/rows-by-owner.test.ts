import { expect } from 'chai';
import { compileKeyColumn } from '../../../adapters/sql/key-column.js';
import { OWNER } from '../../../adapters/sql/statement/read-statement.js';
import { canonicalKey, rowsByOwner } from '../../../adapters/sql/rows-by-owner.js';

const TEXT = [compileKeyColumn({ column: 'iin', type: 'bpchar' })];
const NUMBER = [compileKeyColumn({ column: 'iin', type: 'int8', digits: 12 })];
const BOTH = [compileKeyColumn({ column: 'iin', type: 'text' }), compileKeyColumn({ column: 'year', type: 'int4' })];

describe('rows by owner', () => {
  it('keeps each owner’s rows in their order, padded as a bpchar comes, and has a place for who owns nothing', () => {
    const rows = [
      { [OWNER]: 'b', n: 1 },
      { [OWNER]: 'a  ', n: 2 },
      { [OWNER]: 'b', n: 3 },
    ];
    const owned = rowsByOwner(rows, ['a', 'b', 'c'], TEXT);
    expect([...(owned ?? [])].map(([owner, own]) => [owner, own.map(({ n }) => n)])).to.deep.equal([
      ['a', [2]],
      ['b', [1, 3]],
      ['c', []],
    ]);
  });

  it('takes none when one is someone’s who was not asked about', () => {
    expect(rowsByOwner([{ [OWNER]: 'a' }, { [OWNER]: 'z' }], ['a'], TEXT)).to.equal(undefined);
    expect(rowsByOwner([{ [OWNER]: null }], ['a'], TEXT)).to.equal(undefined);
  });

  it('finds a number that lost its zeros, and a key of two columns', () => {
    const asked = canonicalKey(NUMBER, ['010203590013']);
    expect(rowsByOwner([{ [OWNER]: 10203590013 }], [asked ?? ''], NUMBER)?.get('10203590013')).to.have.length(1);
    const both = canonicalKey(BOTH, ['a', '02025']) ?? '';
    expect(rowsByOwner([{ [OWNER]: 'a', [`${OWNER}1`]: 2025 }], [both], BOTH)?.get(both)).to.have.length(1);
  });

  it('never takes two keys of two columns for one', () => {
    const texts = [compileKeyColumn({ column: 'a', type: 'text' }), compileKeyColumn({ column: 'b', type: 'text' })];
    expect(canonicalKey(texts, ['a","b', 'c'])).to.not.equal(canonicalKey(texts, ['a', 'b","c']));
  });
});
