import { expect } from 'chai';
import { hideProtected } from '../../../policies/gate/hide-protected.js';
import type { Grant, Withheld } from '../../../schemas/ports/gate.js';

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
});
