import { expect } from 'chai';
import type { DecisionEngine, PolicyQuestion } from '../../../policies/decision/port.js';
import type { Basis } from '../../../schemas/vocabulary.js';
import { parsePurposes } from '../../../policies/decision/purposes.js';
import {
  createCategoryDecisions,
  permissionsFor,
  type CategoryQuestion,
} from '../../../policies/decision/permissions.js';
import { engineWith, repositoryPurposes } from '../engine.js';
import { PARTIES } from '../parties.js';

const asked = (changed: Partial<CategoryQuestion> = {}): CategoryQuestion => ({
  caller: PARTIES.housing,
  purpose: 'housing_queue',
  category: 'property.land',
  access: 'disclose',
  ownCase: true,
  ...changed,
});

/** An engine that allows what the predicate says, for a reason per age class where told, and counts. */
function fakeEngine(allows: (question: PolicyQuestion) => string | false): DecisionEngine & { calls: number } {
  const engine = {
    digest: 'd',
    mayAllow: () => true,
    concernsPeople: (category: string) => !category.startsWith('business.'),
    calls: 0,
    decide: (question: PolicyQuestion) => {
      engine.calls += 1;
      const policy = allows(question);
      return policy === false
        ? { allowed: false, policies: [], laws: [], errors: [] }
        : { allowed: true, policies: [policy], laws: ['L'], errors: [] };
    },
  };
  return engine;
}

describe('permissions', () => {
  const purposes = repositoryPurposes();

  it('puts consent last and keeps the age where only one class may', () => {
    const { permissions } = permissionsFor(engineWith(), purposes, asked());
    expect(permissions.map(({ basis, nexus, age }) => [basis, nexus, age])).to.deep.equal([
      ['public_task', 'application', 'minor'],
      ['public_task', 'list', 'minor'],
      ['public_task', 'relation', 'minor'],
      ['consent', undefined, 'adult'],
    ]);
  });

  it('leaves out the age where both classes may for the same reason, and keeps apart other reasons', () => {
    const [alike] = permissionsFor(
      fakeEngine(({ nexus }) => nexus === 'list' && 'p'),
      purposes,
      asked(),
    ).permissions;
    expect(alike).to.deep.equal({ basis: 'public_task', nexus: 'list', policies: ['p'], laws: ['L'] });
    const apart = permissionsFor(
      fakeEngine(({ nexus, age }) => nexus === 'list' && `p-${age}`),
      purposes,
      asked(),
    ).permissions;
    expect(apart.map(({ age, policies }) => [age, policies])).to.deep.equal([
      ['minor', ['p-minor']],
      ['adult', ['p-adult']],
    ]);
  });

  it('tries only the bases of the purpose, statutory ones always with a nexus', () => {
    const tried: PolicyQuestion[] = [];
    permissionsFor(
      fakeEngine((question) => (tried.push(question), false)),
      purposes,
      asked(),
    );
    expect(new Set(tried.map(({ basis }) => basis))).to.deep.equal(new Set<Basis>(['public_task', 'consent']));
    for (const { basis, nexus } of tried) expect(nexus === 'none').to.equal(basis === 'consent');
  });

  it('keeps the order of the purposes file among statutory bases', () => {
    const two = parsePurposes(
      'p',
      'version: 1\npurposes: {p: {title: T, law: L, bases: [consent, vital_interest, public_task], case: none, relations: [], max_subjects: 1}}',
    );
    const { permissions } = permissionsFor(
      fakeEngine(({ nexus }) => (nexus === 'self' || nexus === 'none') && 'p'),
      two,
      asked({ purpose: 'p' }),
    );
    expect(permissions.map(({ basis }) => basis)).to.deep.equal(['vital_interest', 'public_task', 'consent']);
  });

  it('finds none for an unknown purpose, asking no one', () => {
    const engine = fakeEngine(() => 'p');
    expect(permissionsFor(engine, purposes, asked({ purpose: 'curiosity' })).permissions).to.deep.equal([]);
    expect(engine.calls).to.equal(0);
  });

  it('are without a nexus only for what is about no person, and only if it holds for every age', () => {
    const withoutNexus = fakeEngine(({ nexus }) => nexus === 'no_subject' && 'p');
    const statutory = asked({ purpose: 'declaration_check', category: 'business.organisation' });
    expect(permissionsFor(withoutNexus, purposes, statutory).permissions).to.deep.equal([
      { basis: 'legal_obligation', policies: ['p'], laws: ['L'] },
    ]);
    expect(permissionsFor(withoutNexus, purposes, { ...statutory, category: 'tax.income' }).permissions).to.be.empty;
    const ofAdults = fakeEngine(({ nexus, age }) => nexus === 'no_subject' && age === 'adult' && 'p');
    expect(permissionsFor(ofAdults, purposes, statutory).permissions).to.be.empty;
  });

  it('takes a decision with errors for none', () => {
    const engine: DecisionEngine = {
      digest: 'd',
      mayAllow: () => true,
      concernsPeople: () => false,
      decide: () => ({ allowed: false, policies: [], laws: [], errors: ['x'] }),
    };
    expect(permissionsFor(engine, purposes, asked()).permissions).to.deep.equal([]);
  });

  describe('remembered', () => {
    const others: Record<string, Partial<CategoryQuestion>> = {
      'caller system': { caller: { ...PARTIES.housing, system: 'housing-2' } },
      'kind of caller': { caller: { ...PARTIES.housing, kind: 'ai' } },
      agency: { caller: { ...PARTIES.housing, agency: { id: 'social', bin: '000000000000' } } },
      assurance: { caller: { ...PARTIES.housing, assurance: 'high' } },
      purpose: { purpose: 'proactive_support' },
      category: { category: 'property.vehicles' },
      access: { access: 'read' },
      'lead of the case': { ownCase: false },
    };

    it('asks once for one question', () => {
      const engine = fakeEngine(() => 'p');
      const decisions = createCategoryDecisions({ engine, purposes, maxEntries: 10 });
      const first = decisions.decide(asked());
      const calls = engine.calls;
      expect(decisions.decide(asked())).to.equal(first);
      expect(engine.calls).to.equal(calls);
    });

    for (const [name, change] of Object.entries(others)) {
      it(`decides again for another ${name}`, () => {
        const engine = fakeEngine(() => 'p');
        const decisions = createCategoryDecisions({ engine, purposes, maxEntries: 10 });
        decisions.decide(asked());
        const calls = engine.calls;
        decisions.decide(asked(change));
        expect(engine.calls).to.be.greaterThan(calls);
      });
    }

    it('forgets the oldest beyond its bound', () => {
      const engine = fakeEngine(() => 'p');
      const decisions = createCategoryDecisions({ engine, purposes, maxEntries: 1 });
      decisions.decide(asked());
      decisions.decide(asked({ access: 'read' }));
      const calls = engine.calls;
      decisions.decide(asked());
      expect(engine.calls).to.be.greaterThan(calls);
    });
  });
});
