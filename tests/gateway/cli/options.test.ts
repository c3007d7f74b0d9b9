import { expect } from 'chai';
import type { ClientProfile } from '../../../gateway/cli/client/profile.js';
import { CommandFailure } from '../../../gateway/cli/command-failure.js';
import { accessRequest, parseVariables } from '../../../gateway/cli/options.js';

const profile: ClientProfile = {
  clientId: 'housing',
  issuer: 'http://127.0.0.1:1',
  gateway: 'http://127.0.0.1:2',
  audience: 'a',
  privateKey: undefined,
  purposes: ['housing_queue'],
  agency: 'housing',
  redirectUri: undefined,
};

describe('options', () => {
  it('reads variables as texts, so that no number loses its zeros', () => {
    expect(parseVariables(['iin=001122334455', 'note=a=b'])).to.deep.equal({ iin: '001122334455', note: 'a=b' });
  });

  it('reads name:=json as JSON', () => {
    expect(parseVariables(['years:=[2024,2025]', 'deep:={"a":true}'])).to.deep.equal({
      years: [2024, 2025],
      deep: { a: true },
    });
  });

  for (const wrong of ['', '=x', 'iin', '1a=b', 'a:=not json', 'a:=9007199254740993']) {
    it(`refuses --var "${wrong}"`, () => {
      expect(() => parseVariables([wrong]))
        .to.throw(CommandFailure)
        .with.property('kind', 'usage');
    });
  }

  it('takes the only purpose of the profile, and its agency for the case', () => {
    expect(accessRequest(profile, { case: 'HQ-2026-000101' })).to.deep.equal({
      purpose: 'housing_queue',
      case: { agency: 'housing', number: 'HQ-2026-000101' },
    });
  });

  it('lets the case name another agency', () => {
    expect(accessRequest(profile, { case: 'social/PS-1' }).case).to.deep.equal({ agency: 'social', number: 'PS-1' });
  });

  it('asks for a purpose where the profile has several', () => {
    expect(() => accessRequest({ ...profile, purposes: ['a', 'b'] }, {})).to.throw(CommandFailure, '--purpose a | b');
  });
});
