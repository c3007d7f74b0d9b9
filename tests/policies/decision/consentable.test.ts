import { expect } from 'chai';
import { createClosedToConsent, type AgencyClient } from '../../../policies/decision/consentable.js';
import { createCategoryDecisions, permissionsFor } from '../../../policies/decision/permissions.js';
import type { Caller } from '../../../schemas/vocabulary.js';
import { engineWith, repositoryPurposes } from '../engine.js';
import { PARTIES } from '../parties.js';
import { registerCategories } from '../register-categories.js';

describe('what a consent can be given for', () => {
  const engine = engineWith();
  const purposes = repositoryPurposes();
  const categories = [...registerCategories().keys()];
  const closedWith = (clients: readonly AgencyClient[]) =>
    createClosedToConsent({
      decisions: createCategoryDecisions({ engine, purposes, maxEntries: 10_000 }),
      clients,
    });
  const { housing, social } = PARTIES;

  it('is what some rule opens by consent to a client of the agency, and nothing else', () => {
    const openedTo = (caller: Caller, purpose: string, category: string): boolean =>
      (['read', 'disclose'] as const).some((access) =>
        permissionsFor(engine, purposes, { caller, purpose, category, access, ownCase: true }).permissions.some(
          ({ basis }) => basis === 'consent',
        ),
      );
    const asked: readonly (readonly [AgencyClient & Caller, string])[] = [
      [housing, 'housing_queue'],
      [social, 'birth_allowance'],
      [social, 'housing_queue'],
    ];
    for (const [client, purpose] of asked) {
      const closed = closedWith([housing, social])({ agency: client.agency.id, purpose, categories });
      const open = categories.filter((category) => openedTo(client, purpose, category));
      expect(
        categories.filter((category) => !closed.includes(category)),
        `${client.agency.id} ${purpose}`,
      ).to.deep.equal(open);
    }
  });

  it('is what one client of several may be shown', () => {
    const ai = { ...housing, system: 'housing-ai', kind: 'ai' as const };
    const asked = { agency: 'housing', purpose: 'housing_queue', categories: ['property.land'] };
    expect(closedWith([ai, social, housing])(asked)).to.deep.equal([]);
  });

  it('is for the housing authority what adults own, and no act of adoption', () => {
    expect(
      closedWith([housing])({
        agency: 'housing',
        purpose: 'housing_queue',
        categories: ['property.land', 'civil_acts.birth', 'property.vehicles', 'no.such'],
      }),
    ).to.deep.equal(['civil_acts.birth', 'no.such']);
  });

  it('is nothing for an agency without a client that asks for data', () => {
    const asked = { agency: 'housing', purpose: 'housing_queue', categories: ['property.land'] };
    expect(closedWith([])(asked)).to.deep.equal(['property.land']);
    expect(closedWith([social])(asked)).to.deep.equal(['property.land']);
  });

  it('is nothing for a purpose that rests on no consent, or that is unknown', () => {
    for (const purpose of ['proactive_support', 'nothing'])
      expect(
        closedWith([housing, social])({ agency: 'social', purpose, categories: ['population.identity'] }),
        purpose,
      ).to.deep.equal(['population.identity']);
  });
});
