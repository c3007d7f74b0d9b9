import { expect } from 'chai';
import type { CategoryDecision } from '../../../policies/decision/port.js';
import {
  consentPermission,
  statutoryPermission,
  type SubjectFacts,
} from '../../../policies/gate/fulfilled-permission.js';
import { byLaw } from './gate-fixture.js';

const consent = (age?: 'minor' | 'adult') =>
  ({
    basis: 'consent',
    ...(age === undefined ? {} : { age }),
    policies: [`consent-${age ?? 'any'}`],
    laws: [],
  }) as const;
const decision = (permissions: CategoryDecision['permissions']): CategoryDecision => ({
  category: 'c',
  access: 'read',
  permissions,
});
const facts = (changed: Partial<SubjectFacts> = {}): SubjectFacts => ({
  age: 'adult',
  nexus: ['list'],
  tieNeeded: true,
  ...changed,
});

describe('fulfilled-permission', () => {
  describe('on a statutory basis', () => {
    it('is the first with a nexus that the subject has', () => {
      const permissions = [consent(), byLaw('application'), byLaw('list'), byLaw('relation')];
      expect(statutoryPermission(decision(permissions), facts({ nexus: ['relation', 'list'] }))).to.equal(
        permissions[2],
      );
    });

    it('is none without a nexus, or with another', () => {
      expect(statutoryPermission(decision([byLaw('list')]), facts({ nexus: [] }))).to.equal(undefined);
      expect(statutoryPermission(decision([byLaw('list')]), facts({ nexus: ['application'] }))).to.equal(undefined);
    });

    it('is none for another age class', () => {
      const permissions = [byLaw('list', 'minor')];
      expect(statutoryPermission(decision(permissions), facts({ age: 'adult' }))).to.equal(undefined);
      expect(statutoryPermission(decision(permissions), facts({ age: 'minor' }))).to.equal(permissions[0]);
    });

    it('is never a consent, and never a permission that names no nexus', () => {
      const withoutNexus = { basis: 'public_task', policies: ['p'], laws: [] } as const;
      expect(statutoryPermission(decision([consent(), withoutNexus]), facts())).to.equal(undefined);
    });
  });

  describe('by consent', () => {
    it('needs a nexus of any kind where the purpose needs a case, and none elsewhere', () => {
      const permissions = [byLaw('list'), consent()];
      for (const nexus of ['application', 'list', 'relation', 'self'] as const)
        expect(consentPermission(decision(permissions), facts({ nexus: [nexus] }))).to.equal(permissions[1]);
      expect(consentPermission(decision(permissions), facts({ nexus: [] }))).to.equal(undefined);
      expect(consentPermission(decision(permissions), facts({ nexus: [], tieNeeded: false }))).to.equal(permissions[1]);
    });

    it('is the one for the age class of the subject, if any', () => {
      const permissions = [consent('minor'), consent('adult')];
      expect(consentPermission(decision(permissions), facts())).to.equal(permissions[1]);
      expect(consentPermission(decision([consent('adult')]), facts({ age: 'minor' }))).to.equal(undefined);
    });

    it('is never on a statutory basis', () => {
      expect(consentPermission(decision([byLaw('list')]), facts())).to.equal(undefined);
    });
  });
});
