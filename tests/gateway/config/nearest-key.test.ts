import { expect } from 'chai';
import { nearestKey } from '../../../gateway/config/nearest-key.js';

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
