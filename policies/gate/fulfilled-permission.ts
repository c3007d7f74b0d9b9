import type { AgeClass, NexusKind } from '../../schemas/vocabulary.js';
import type { CategoryDecision, Way } from '../decision/port.js';

/** What is known of a subject before any register is called. */
export interface SubjectFacts {
  readonly age: AgeClass;
  readonly ties: readonly NexusKind[];
}

/** The first way by law that these facts fulfil. */
export function statutoryWay(decision: CategoryDecision, facts: SubjectFacts): Way | undefined {
  return decision.ways.find(
    (way) =>
      way.basis !== 'consent' && way.nexus !== undefined && facts.ties.includes(way.nexus) && fitsAge(way, facts),
  );
}

/** The way that this person's consent would open. */
export function consentWay(decision: CategoryDecision, facts: SubjectFacts): Way | undefined {
  return decision.ways.find((way) => way.basis === 'consent' && fitsAge(way, facts));
}

function fitsAge(way: Way, { age }: SubjectFacts): boolean {
  return way.age === undefined || way.age === age;
}
