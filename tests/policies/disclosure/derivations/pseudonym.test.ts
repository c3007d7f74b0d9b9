import { expect } from 'chai';
import { createDerivations } from '../../../../policies/disclosure/derivations.js';
import { createPseudonyms } from '../../../../policies/disclosure/pseudonyms.js';
import { ADULT } from '../../people.js';

const pseudonyms = createPseudonyms(Buffer.alloc(32, 1));
const context = { factDate: '2026-03-02', receiver: 'appeals-ai', caseNumber: 'AP-2026-000301' };

describe('pseudonym', () => {
  const derivations = createDerivations(pseudonyms);
  const pseudonym = derivations.get('pseudonym');

  it('stands beside the other derivations', () => {
    expect([...derivations.keys()]).to.deep.equal(['birthYear', 'ageGroup', 'incomeClass', 'pseudonym']);
  });

  it('is the one of this receiver and case', () => {
    expect(pseudonym?.({ iin: ADULT }, context)).to.equal(pseudonyms.pseudonym(ADULT, 'appeals-ai', 'AP-2026-000301'));
  });

  it('is null without a number', () => {
    for (const iin of [undefined, null, '', 800101]) expect(pseudonym?.({ iin }, context)).to.equal(null);
  });
});
