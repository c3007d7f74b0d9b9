import { expect } from 'chai';
import { acrValuesFor, assuranceOf } from '../../../gateway/auth/assurance.js';

const ISSUERS = [
  { issuer: 'a', assurance: { 'urn:signature': 'high', 'urn:sms': 'substantial', 'urn:password': 'low' } },
  { issuer: 'b', assurance: { 'urn:password': 'high' } },
  { issuer: 'c', assurance: {} },
] as const;

describe('assurance of tokens', () => {
  it('is what its own issuer’s acr is mapped to', () => {
    expect(assuranceOf({ issuer: 'a', acr: 'urn:password' }, ISSUERS)).to.equal('low');
    expect(assuranceOf({ issuer: 'b', acr: 'urn:password' }, ISSUERS)).to.equal('high');
  });

  it('is none for an acr that is not mapped, of an unknown issuer, or not stated', () => {
    for (const acr of ['urn:sms ', 'URN:SMS', 'toString', '__proto__', undefined])
      expect(assuranceOf({ issuer: 'a', acr }, ISSUERS), acr).to.equal('none');
    expect(assuranceOf({ issuer: 'c', acr: 'urn:sms' }, ISSUERS)).to.equal('none');
    expect(assuranceOf({ issuer: 'unknown', acr: 'urn:sms' }, ISSUERS)).to.equal('none');
  });

  it('is reached by every acr of the same issuer that is mapped as high or higher, the weakest first', () => {
    expect(acrValuesFor('low', 'a', ISSUERS)).to.deep.equal(['urn:password', 'urn:sms', 'urn:signature']);
    expect(acrValuesFor('substantial', 'a', ISSUERS)).to.deep.equal(['urn:sms', 'urn:signature']);
    expect(acrValuesFor('high', 'a', ISSUERS)).to.deep.equal(['urn:signature']);
    expect(acrValuesFor('low', 'c', ISSUERS)).to.deep.equal([]);
    expect(acrValuesFor('low', 'unknown', ISSUERS)).to.deep.equal([]);
  });
});
