import { expect } from 'chai';
import { ProtectionUnavailable } from '../../../policies/protection/protection-unavailable.js';
import type { Refusal } from '../../../schemas/refusal.js';
import type { Caller } from '../../../schemas/vocabulary.js';
import { rejection } from '../../rejection.js';
import { PARTIES } from '../parties.js';
import { ADULT, STRANGER } from '../people.js';
import { disclose, named, openGate } from './gate-fixture.js';

describe('visible dwellings', () => {
  it('shows the dwellings that are no home of a protected person, to each question its own', async () => {
    const fixture = openGate({ facts: { [ADULT]: ['application'] }, protectedDwellings: ['D-1', 'D-3'] });
    const answers = await fixture.gate.decide([
      { subject: named(ADULT), categories: disclose('identity'), dwellings: ['D-1', 'D-2'] },
      { subject: named(ADULT), categories: [], dwellings: ['D-3', 'D-4'] },
      { subject: named(STRANGER), categories: disclose('identity') },
    ]);
    expect(answers.map(({ visibleDwellings }) => visibleDwellings && [...visibleDwellings])).to.deep.equal([
      ['D-2'],
      ['D-4'],
      undefined,
    ]);
    expect([...answers[0]!.granted.keys()]).to.deep.equal(['identity']);
    expect(fixture.protectionAsked).to.deep.equal([[ADULT, STRANGER]]);
    expect(fixture.dwellingsAsked).to.deep.equal([['D-1', 'D-2', 'D-3', 'D-4']]);
    await fixture.gate.decide([{ subject: named(ADULT), categories: [], dwellings: ['D-4', 'D-5'] }]);
    expect(fixture.dwellingsAsked.slice(1)).to.deep.equal([['D-5']]);
  });

  it('shows a protected person their own home after a sign-in with high assurance, and no one else in it', async () => {
    const home = { subject: named(ADULT), categories: [], dwellings: ['D-1'] };
    const shown = async (
      assurance: Caller['assurance'],
      protectedPeople: readonly string[],
    ): Promise<readonly string[]> => {
      const listed = { protectedPeople, protectedDwellings: ['D-1'] };
      const { gate } = openGate(listed, { caller: { ...PARTIES.citizen, assurance } });
      const [own, other] = await gate.decide([home, { ...home, subject: named(STRANGER) }]);
      expect([...other!.visibleDwellings!], 'in a record about another person').to.deep.equal([]);
      return [...own!.visibleDwellings!];
    };
    expect(await shown('high', [ADULT])).to.deep.equal(['D-1']);
    expect(await shown('substantial', [ADULT])).to.deep.equal([]);
    expect(await shown('high', [STRANGER]), 'who only lives there').to.deep.equal([]);
  });

  it('refuses when the list cannot be asked about a dwelling', async () => {
    const { gate } = openGate({ protectionFails: new ProtectionUnavailable('transport') });
    const asked = gate.decide([{ subject: named(ADULT), categories: [], dwellings: ['D-1'] }]);
    expect(((await rejection(asked)) as Refusal).code).to.equal('PROTECTION_UNAVAILABLE');
  });
});
