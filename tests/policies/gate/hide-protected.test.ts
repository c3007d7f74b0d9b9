import { expect } from 'chai';
import { hideProtected, isSurelyOneself } from '../../../policies/gate/hide-protected.js';
import type { Grant, Withheld } from '../../../schemas/ports/gate.js';
import type { Caller } from '../../../schemas/vocabulary.js';
import { PARTIES } from '../parties.js';
import { ADULT, SPOUSE } from '../people.js';

const GRANT: Grant = { basis: 'public_task', nexus: 'list', policies: ['law'] };
const WITHHELD: Withheld = { code: 'CONSENT_REQUIRED', consentRequest: 'sealed' };

describe('hide-protected', () => {
  it('makes what was granted absent, and leaves what was withheld', () => {
    const hidden = hideProtected(
      { granted: new Map([['identity', GRANT]]), withheld: new Map([['land', WITHHELD]]) },
      () => 'decoy',
    );
    expect([...hidden.granted]).to.deep.equal([]);
    expect([...hidden.withheld]).to.deep.equal([['land', WITHHELD]]);
    expect([...(hidden.absent ?? [])]).to.deep.equal(['identity']);
    expect(hidden.decoy).to.equal('decoy');
  });

  it('changes nothing where nothing was granted', () => {
    const answer = { granted: new Map<string, Grant>(), withheld: new Map([['land', WITHHELD]]) };
    expect(hideProtected(answer, () => expect.fail('no decoy is needed'))).to.deep.equal(answer);
  });

  it('hides them from everyone but from themselves after a sign-in with high assurance', () => {
    const high = (caller: Caller): Caller => ({ ...caller, assurance: 'high' });
    expect(isSurelyOneself(high(PARTIES.citizen), ADULT)).to.equal(true);
    expect(isSurelyOneself(high(PARTIES.citizen), SPOUSE)).to.equal(false);
    for (const assurance of ['none', 'low', 'substantial'] as const)
      expect(isSurelyOneself({ ...PARTIES.citizen, assurance }, ADULT), assurance).to.equal(false);
    for (const name of ['housing', 'housing-ai', 'housing-officer'] as const)
      expect(isSurelyOneself({ ...high(PARTIES[name]), person: ADULT }, ADULT), name).to.equal(false);
  });
});
