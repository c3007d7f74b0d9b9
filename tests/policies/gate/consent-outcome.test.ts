import { expect } from 'chai';
import type { ConsentState } from '../../../policies/consent/port.js';
import { consentOutcome } from '../../../policies/gate/consent-outcome.js';

const PERMISSION = { basis: 'consent', policies: ['by-consent'], laws: [] } as const;
const state = (
  status: ConsentState['status'],
  categories: readonly string[],
  consentId: string = status,
): ConsentState => ({
  consentId,
  revision: 3,
  categories,
  status,
});
const outcome = (...states: ConsentState[]) => consentOutcome('land', PERMISSION, states);

describe('consent-outcome', () => {
  it('grants by a consent in force, with its revision as the claim', () => {
    expect(outcome(state('given', ['identity', 'land'], 'c-1'))).to.deep.equal({
      grant: { basis: 'consent', policies: ['by-consent'], claim: { consentId: 'c-1', revision: 3 } },
    });
  });

  it('grants by a consent in force although a later one has ended', () => {
    expect(outcome(state('withdrawn', ['land']), state('given', ['land'], 'c-2'))).to.have.nested.property(
      'grant.claim.consentId',
      'c-2',
    );
  });

  it('misses a consent that no one gave, or that does not cover the category', () => {
    expect(outcome()).to.deep.equal({ missing: 'CONSENT_REQUIRED' });
    expect(outcome(state('given', ['identity']), state('withdrawn', ['identity']))).to.deep.equal({
      missing: 'CONSENT_REQUIRED',
    });
  });

  it('never grants by a suspended consent, and says that it must be confirmed', () => {
    expect(outcome(state('suspended', ['land']))).to.deep.equal({ missing: 'CONSENT_SUSPENDED' });
  });

  it('says how the latest consent for the category ended', () => {
    expect(outcome(state('expired', ['land']), state('withdrawn', ['land']))).to.deep.equal({
      missing: 'CONSENT_EXPIRED',
    });
    expect(outcome(state('withdrawn', ['land']), state('expired', ['land']))).to.deep.equal({
      missing: 'CONSENT_WITHDRAWN',
    });
    expect(outcome(state('expired', ['identity']), state('withdrawn', ['land']))).to.deep.equal({
      missing: 'CONSENT_WITHDRAWN',
    });
  });
});
