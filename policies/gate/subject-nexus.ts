import type { SubjectRef } from '../../schemas/ports/gate.js';
import type { Caller, NexusKind } from '../../schemas/vocabulary.js';
import type { Purpose } from '../decision/purposes.js';
import type { NexusAnswer } from '../nexus/port.js';

/** The facts of the case of one request, by identifier. */
export type CaseFacts = NexusAnswer['facts'];

export interface SubjectNexusOptions {
  readonly caller: Caller;
  readonly purpose: Purpose;
  /**
   * Resolves with the facts about the people that the question names. Rejects if the case is not open or
   * the agency cannot be asked. The agency is asked once, however often this is called.
   */
  readonly caseFacts: () => Promise<CaseFacts>;
}

/** Returns the nexus of each subject, in the order of the subjects: every kind of fact that ties it to the case, or none. */
export type SubjectNexus = (subjects: readonly SubjectRef[]) => Promise<readonly (readonly NexusKind[])[]>;

/**
 * Returns what finds the nexus of the subjects of one request.
 *
 * A person that the question names has the facts that the agency holds. A person reached by a link has
 * the nexus `relation` when the purpose knows the role of the link and the link starts at a named person
 * with a fact of their own at the agency: one link, never a chain. A person that the agency was not
 * asked about has no nexus.
 *
 * Rejects like `caseFacts`, also for no subjects.
 */
export function createSubjectNexus({ caller, purpose, caseFacts }: SubjectNexusOptions): SubjectNexus {
  const namedNexus = (subject: SubjectRef, facts: CaseFacts): readonly NexusKind[] => {
    if (caller.kind === 'citizen') return caller.person === subject.id ? ['self'] : [];
    return [...new Set((facts.get(subject.id) ?? []).map(({ kind }) => kind))];
  };
  const nexusOf = (subject: SubjectRef, facts: CaseFacts): readonly NexusKind[] => {
    const named = namedSubjectOf(subject);
    if (named === undefined) return [];
    if (named === subject) return namedNexus(subject, facts);
    return purpose.relations.includes(subject.role) && namedNexus(named, facts).some(isOwnFact) ? ['relation'] : [];
  };

  return async (subjects) => {
    const facts = await caseFacts();
    return subjects.map((subject) => nexusOf(subject, facts));
  };
}

/** Returns the named person that the nexus of this subject rests on: the subject itself, or the person one link back. */
function namedSubjectOf(subject: SubjectRef): SubjectRef | undefined {
  if (subject.role === 'self') return subject;
  return subject.via?.role === 'self' ? subject.via : undefined;
}

/** Only a fact that the agency holds about a person extends along a link. */
function isOwnFact(kind: NexusKind): boolean {
  return kind === 'application' || kind === 'list';
}
