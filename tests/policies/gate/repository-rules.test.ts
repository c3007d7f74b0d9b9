import { expect } from 'chai';
import { permissionsFor } from '../../../policies/decision/permissions.js';
import type { CategoryAccess } from '../../../schemas/ports/gate.js';
import { engineWith, repositoryPurposes } from '../engine.js';
import { PARTIES, type PartyName } from '../parties.js';
import { ADULT, CHILD, UNKNOWN_NUMBER, SPOUSE, STRANGER } from '../people.js';
import { linked, openGate, named, type Fixture, type FixtureState } from './gate-fixture.js';

const access = (kind: CategoryAccess['access'], ...categories: string[]): CategoryAccess[] =>
  categories.map((category) => ({ category, access: kind }));
const PROPERTY = access('disclose', 'property.land', 'property.buildings', 'property.vehicles');
const PERSON = [
  ...access('read', 'population.identifier'),
  ...access('disclose', 'population.identifier', 'population.identity', 'civil_acts.family'),
];

describe('the gate on the rules of the repository', () => {
  const engine = engineWith();
  const purposes = repositoryPurposes();
  const opened = (
    party: PartyName,
    purposeName: string,
    needed: readonly CategoryAccess[],
    state: FixtureState = {},
  ): Fixture => {
    const caller = PARTIES[party];
    const purpose = purposes.get(purposeName) ?? expect.fail('no such purpose');
    return openGate(state, {
      caller,
      purpose,
      decisions: needed.map((one) =>
        permissionsFor(engine, purposes, { caller, purpose: purposeName, ownCase: true, ...one }),
      ),
    });
  };

  it('opens the queue: the family by law, children’s property by law, adults’ by consent', async () => {
    const { gate } = opened('housing', 'housing_queue', [...PERSON, ...PROPERTY], {
      facts: { [ADULT]: ['list'] },
      consents: {
        [SPOUSE]: [
          { consentId: 'c', revision: 1, categories: PROPERTY.map(({ category }) => category), status: 'given' },
        ],
      },
    });
    expect((await gate.authorizeNamedSubjects([ADULT], [...PERSON, ...PROPERTY])).denied).to.equal(false);
    const family = [named(ADULT), linked(SPOUSE, 'spouse', named(ADULT)), linked(CHILD, 'child', named(ADULT))];
    const people = await gate.decide(family.map((subject) => ({ subject, categories: PERSON })));
    expect(people.map(({ withheld }) => withheld.size)).to.deep.equal([0, 0, 0]);
    const property = await gate.decide(family.map((subject) => ({ subject, categories: PROPERTY })));
    expect(property.map(({ granted }) => granted.get('property.land')?.basis)).to.deep.equal([
      undefined,
      'consent',
      'public_task',
    ]);
    expect(property[0]?.withheld.get('property.land')?.code).to.equal('CONSENT_REQUIRED');
  });

  it('refuses the queue’s question about someone without a nexus to the case', async () => {
    const { gate } = opened('housing', 'housing_queue', [...PERSON, ...PROPERTY], { facts: { [ADULT]: ['list'] } });
    expect(await gate.authorizeNamedSubjects([STRANGER], [...PERSON, ...PROPERTY])).to.deep.include({
      denied: true,
      reasons: ['nexus'],
    });
  });

  it('asks no one for consent in a case that they are not tied to, and tells no person from a number that no one has', async () => {
    const needed = [...access('read', 'population.identifier'), ...PROPERTY];
    const told = async (id: string, facts: FixtureState['facts'] = {}): Promise<unknown> => {
      const { gate, sealed } = opened('housing', 'housing_queue', needed, { facts });
      const { denied } = await gate.authorizeNamedSubjects([id], needed);
      const [answer] = await gate.decide([{ subject: named(id), categories: needed }]);
      const codes = new Set([...(answer?.withheld.values() ?? [])].map(({ code }) => code));
      return { denied, granted: [...(answer?.granted.keys() ?? [])], codes: [...codes], sealed: sealed[0]?.categories };
    };
    expect(await told(STRANGER)).to.deep.equal({
      denied: true,
      granted: [],
      codes: ['POLICY_DENIED'],
      sealed: undefined,
    });
    expect(await told(STRANGER)).to.deep.equal(await told(UNKNOWN_NUMBER));
    const tied = await told(STRANGER, { [STRANGER]: ['application'] });
    expect(tied).to.deep.include({ denied: false, granted: ['population.identifier'], codes: ['CONSENT_REQUIRED'] });
    expect(tied).to.deep.equal(await told(UNKNOWN_NUMBER, { [UNKNOWN_NUMBER]: ['application'] }));
  });

  it('gives the AI service derived fields of the person of a handle, and lets it only read their sources', async () => {
    const needed = [
      ...access('disclose', 'population.derived', 'address.region'),
      ...access('read', 'population.identifier', 'population.identity', 'address.current'),
    ];
    const facts = { [ADULT]: ['application'] } as const;
    const { gate, consentsAsked } = opened('appeals-ai', 'appeal_review', needed, { facts });
    const [answer] = await gate.decide([{ subject: named(ADULT), categories: needed }]);
    expect(answer?.withheld.size).to.equal(0);
    expect(consentsAsked).to.deep.equal([]);
    const identified = opened('appeals-ai', 'appeal_review', access('disclose', 'population.identity'), { facts });
    const [refused] = await identified.gate.decide([
      { subject: named(ADULT), categories: access('disclose', 'population.identity') },
    ]);
    expect([...(refused?.withheld.values() ?? [])]).to.deep.equal([{ code: 'POLICY_DENIED' }]);
  });
});
