import { expect } from 'chai';
import { nearestKey, nearestKeys } from '../../schemas/nearest-key.js';

describe('nearestKey', () => {
  const known = ['host', 'port', 'public_url', 'operations'];

  it('finds what was mistyped: swapped, missing, doubled, in another style', () => {
    expect(nearestKey('prot', known)).to.equal('port');
    expect(nearestKey('por', known)).to.equal('port');
    expect(nearestKey('operattions', known)).to.equal('operations');
    expect(nearestKey('publicUrl', known)).to.equal('public_url');
  });

  it('does not guess when nothing is near', () => {
    expect(nearestKey('telemetry', known)).to.equal(undefined);
    expect(nearestKey('x', [])).to.equal(undefined);
  });
});

describe('nearestKeys', () => {
  it('ranks by distance, then by name, and gives no more than asked', () => {
    const known = ['port', 'sort', 'operations', 'host', 'post'];
    expect(nearestKeys('prot', known, 3)).to.deep.equal(['port', 'post', 'sort']);
    expect(nearestKeys('x', ['b', 'a'], 5)).to.deep.equal(['a', 'b']);
    expect(nearestKeys('x', [], 5)).to.deep.equal([]);
  });
});
