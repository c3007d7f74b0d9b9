import type { SubjectRef } from '../../schemas/ports/gate.js';
import type { Caller, Case, NexusKind } from '../../schemas/vocabulary.js';
import type { Purpose } from '../decision/purposes.js';
import type { Nexus, NexusFact } from '../nexus/port.js';
import { memoizeBatch, type AskBatch } from './batch-loader.js';

export interface TiesOptions {
  readonly caller: Caller;
  readonly purpose: Purpose;
  readonly case: Case | undefined;
  readonly nexus: Nexus;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  /** Facts settled before this request, by identifier; they are not asked for again. */
  readonly givenFacts: ReadonlyMap<string, NexusKind>;
}

/** What ties each of these subjects to the case: in their order, empty for who is not tied. */
export type Ties = (subjects: readonly SubjectRef[]) => Promise<readonly (readonly NexusKind[])[]>;

/**
 * Ties of one request. People whom the question names are looked up at the agency, in one batch;
 * a person reached by a link is tied by `relation` when the purpose knows the role and the link
 * starts at a named person with a fact of their own: one link, never a chain.
 *
 * Rejects when the agency cannot be asked.
 */
export function createTies(options: TiesOptions): Ties {
  const { caller, purpose, givenFacts } = options;
  const askFacts = memoizeBatch(factsOf(options));

  const rootTies = (subject: SubjectRef, facts: ReadonlyMap<string, readonly NexusFact[]>): readonly NexusKind[] => {
    if (caller.kind === 'citizen') return caller.person === subject.id ? ['self'] : [];
    const given = givenFacts.get(subject.id);
    if (given !== undefined) return [given];
    return [...new Set((facts.get(subject.id) ?? []).map(({ kind }) => kind))];
  };
  const ties = (subject: SubjectRef, facts: ReadonlyMap<string, readonly NexusFact[]>): readonly NexusKind[] => {
    const root = startOf(subject);
    if (root === undefined) return [];
    if (root === subject) return rootTies(subject, facts);
    return purpose.relations.includes(subject.role) && rootTies(root, facts).some(isOwnFact) ? ['relation'] : [];
  };

  return async (subjects) => {
    const roots = subjects.flatMap((subject) => startOf(subject)?.id ?? []);
    const facts =
      caller.kind === 'citizen' ? new Map<string, never>() : await askFacts(roots.filter((id) => !givenFacts.has(id)));
    return subjects.map((subject) => ties(subject, facts));
  };
}

/** The named person at whom a tie can start: the subject itself, or one link back. */
function startOf(subject: SubjectRef): SubjectRef | undefined {
  if (subject.role === 'self') return subject;
  return subject.via?.role === 'self' ? subject.via : undefined;
}

/** Only what the agency holds about a person can be passed on along a link. */
function isOwnFact(kind: NexusKind): boolean {
  return kind === 'application' || kind === 'list';
}

function factsOf({ nexus, purpose, deadline, case: matter }: TiesOptions): AskBatch<readonly NexusFact[]> {
  return async (subjects) =>
    matter === undefined ? new Map() : nexus.facts({ case: matter, purpose: purpose.name, subjects, deadline });
}
