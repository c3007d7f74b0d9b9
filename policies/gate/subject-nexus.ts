import type { SubjectRef } from '../../schemas/ports/gate.js';
import type { Caller, Case, NexusKind } from '../../schemas/vocabulary.js';
import type { Purpose } from '../decision/purposes.js';
import type { Nexus, NexusFact } from '../nexus/port.js';
import { batchLoader, type LoadBatch } from './batch-loader.js';

export interface SubjectNexusOptions {
  readonly caller: Caller;
  readonly purpose: Purpose;
  readonly case: Case | undefined;
  /** Reads facts from the agency that leads the case. */
  readonly nexus: Nexus;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  /** Facts settled before this request, by identifier. The agency is not asked for them again. */
  readonly givenFacts: ReadonlyMap<string, NexusKind>;
}

/** Returns the nexus of each subject, in the order of the subjects: every kind of fact that ties it to the case, or none. */
export type SubjectNexus = (subjects: readonly SubjectRef[]) => Promise<readonly (readonly NexusKind[])[]>;

/**
 * Returns what finds the nexus of the subjects of one request.
 *
 * The agency is asked about the people that the question names, in one batch. A person reached by a
 * link has the nexus `relation` when the purpose knows the role of the link and the link starts at a
 * named person with a fact of their own at the agency: one link, never a chain.
 *
 * Rejects when the agency cannot be asked.
 */
export function createSubjectNexus(options: SubjectNexusOptions): SubjectNexus {
  const { caller, purpose, givenFacts } = options;
  const loadFacts = batchLoader(factsOf(options));

  const namedNexus = (subject: SubjectRef, facts: ReadonlyMap<string, readonly NexusFact[]>): readonly NexusKind[] => {
    if (caller.kind === 'citizen') return caller.person === subject.id ? ['self'] : [];
    const given = givenFacts.get(subject.id);
    if (given !== undefined) return [given];
    return [...new Set((facts.get(subject.id) ?? []).map(({ kind }) => kind))];
  };
  const nexusOf = (subject: SubjectRef, facts: ReadonlyMap<string, readonly NexusFact[]>): readonly NexusKind[] => {
    const named = namedSubjectOf(subject);
    if (named === undefined) return [];
    if (named === subject) return namedNexus(subject, facts);
    return purpose.relations.includes(subject.role) && namedNexus(named, facts).some(isOwnFact) ? ['relation'] : [];
  };

  return async (subjects) => {
    const named = subjects.flatMap((subject) => namedSubjectOf(subject)?.id ?? []);
    const facts =
      caller.kind === 'citizen' ? new Map<string, never>() : await loadFacts(named.filter((id) => !givenFacts.has(id)));
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

function factsOf({ nexus, purpose, deadline, case: matter }: SubjectNexusOptions): LoadBatch<readonly NexusFact[]> {
  return async (subjects) =>
    matter === undefined ? new Map() : nexus.facts({ case: matter, purpose: purpose.name, subjects, deadline });
}
