import type { AgeClass, NexusKind } from '../../schemas/vocabulary.js';
import type { CategoryDecision, Permission } from '../decision/port.js';

/** What the gate knows about a subject before any register is called. */
export interface SubjectFacts {
  readonly age: AgeClass;
  readonly nexus: readonly NexusKind[];
  /** The purpose needs a case, so that a consent, too, counts only for people tied to it. */
  readonly tieNeeded: boolean;
}

/** Returns the first permission on a statutory basis that these facts fulfil. */
export function statutoryPermission(decision: CategoryDecision, facts: SubjectFacts): Permission | undefined {
  return decision.permissions.find(
    (permission) =>
      permission.basis !== 'consent' &&
      permission.nexus !== undefined &&
      facts.nexus.includes(permission.nexus) &&
      fitsAge(permission, facts.age),
  );
}

/**
 * Returns the permission that this person's consent fulfils or would fulfil. Where the purpose needs a
 * case, there is none for a person without a nexus: a consent opens nothing in a case that the person has
 * nothing to do with. Any kind of nexus will do. Which links tie a person that they lead to, the purpose
 * says (`relations`).
 */
export function consentPermission(decision: CategoryDecision, facts: SubjectFacts): Permission | undefined {
  if (facts.tieNeeded && facts.nexus.length === 0) return undefined;
  return decision.permissions.find((permission) => permission.basis === 'consent' && fitsAge(permission, facts.age));
}

/** Whether nothing but their consent can open a category about people of this age, however they are tied to the case. */
export function isOpenByConsentOnly({ permissions }: CategoryDecision, age: AgeClass): boolean {
  const fitting = permissions.filter((permission) => fitsAge(permission, age));
  return fitting.length > 0 && fitting.every(({ basis }) => basis === 'consent');
}

/** Whether the rules open a category about this person by law, or would with their consent. */
export function canBeOpened(decision: CategoryDecision, facts: SubjectFacts, mayUseConsent: boolean): boolean {
  return (
    statutoryPermission(decision, facts) !== undefined ||
    (mayUseConsent && consentPermission(decision, facts) !== undefined)
  );
}

function fitsAge(permission: Permission, age: AgeClass): boolean {
  return permission.age === undefined || permission.age === age;
}
