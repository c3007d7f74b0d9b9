import { nexusEvidence, type EntryNexus } from '../../monitoring/audit/entries.js';
import type { NexusKind } from '../../schemas/vocabulary.js';
import type { AccessRecord } from '../access/access-record.js';
import type { LinkFact } from '../access/nexus-facts.js';
import type { CommittedPerson } from './commit-subjects.js';

/** Returns the nexus of a kind of the person at this position in the subjects of an entry. */
export type NexusOf = (kind: NexusKind, position: number) => EntryNexus;

/** The facts that tie the people of a request to its case. */
export type AccessedNexus = Pick<AccessRecord, 'nexusFacts' | 'linkFacts'>;

/** How the evidence of an entry is made. */
export interface EvidenceOptions {
  /** People of the request that the entry has no room for. Evidence is without their salts, and without links to them. */
  readonly leftOut?: readonly string[];
  /** Whether the entry is only measured: its evidence is then as long as any, and commits to nothing. */
  readonly isMeasured?: boolean;
}

/**
 * Returns what states the nexus of each person of an entry, with evidence under the salts of its people: one hash for each
 * answer of a case system or issuer, and one for each register that answered links, however many people it serves. Links
 * are read only if someone is tied by a relation.
 *
 * It throws for a nexus of which no fact was recorded, and for facts about a person that the entry does not name and that
 * is not left out: such an entry is not written, and nothing is disclosed.
 */
export function entryNexus(
  accessed: AccessedNexus,
  people: readonly CommittedPerson[],
  { leftOut = [], isMeasured = false }: EvidenceOptions = {},
): NexusOf {
  const left = new Set(leftOut);
  const positions = new Map(people.map(({ identifier }, position) => [identifier, position]));
  const positionOf = (identifier: string): number => found(positions.get(identifier));
  const evidenceOf = (named: readonly string[], facts: () => unknown): string => {
    if (isMeasured) return LONGEST_EVIDENCE;
    const inEntry = new Set(named.filter((identifier) => !left.has(identifier)).map(positionOf));
    return nexusEvidence(
      [...inEntry].sort((one, other) => one - other).map((position) => found(people[position]).salt),
      facts(),
    );
  };
  const made = new Map<string, EntryNexus>();
  const once = (key: string, make: () => EntryNexus): EntryNexus => {
    let nexus = made.get(key);
    if (nexus === undefined) made.set(key, (nexus = make()));
    return nexus;
  };
  let related: RelatedPeople | undefined;

  const answeredNexus = (kind: NexusKind): EntryNexus => {
    const { source, answeredAt, people: named, facts } = found(accessed.nexusFacts);
    return { kind, source, answeredAt, evidence: evidenceOf(named, () => facts) };
  };
  const inOrder = (links: readonly LinkFact[]): readonly NamedLink[] =>
    links
      .map(({ subject: { id, role, via } }) => ({ subject: id, role, of: found(via).id }))
      .filter(({ subject, of }) => !left.has(subject) && !left.has(of))
      .sort(
        (one, other) =>
          positionOf(one.subject) - positionOf(other.subject) ||
          positionOf(one.of) - positionOf(other.of) ||
          (one.role < other.role ? -1 : 1),
      );
  const relationFrom = (register: string, links: readonly LinkFact[]): EntryNexus => {
    const { people: named, facts } = found(accessed.nexusFacts);
    return {
      kind: 'relation',
      source: register,
      answeredAt: new Date(Math.max(...links.map(({ answeredAt }) => answeredAt ?? 0))).toISOString(),
      evidence: evidenceOf([...named, ...links.map(({ subject }) => subject.id)], () => ({
        ...facts,
        register,
        links: inOrder(links),
      })),
    };
  };

  return (kind, position) => {
    if (kind !== 'relation') return once(kind, () => answeredNexus(kind));
    related ??= relatedPeople(accessed.linkFacts);
    const register = found(related.registerOf.get(found(people[position]).identifier));
    const links = found(related.linksOf.get(register));
    return once(`relation ${register}`, () => relationFrom(register, links));
  };
}

/** As long as every commitment in hex. */
const LONGEST_EVIDENCE = 'f'.repeat(64);

/** A link as evidence commits to it. */
interface NamedLink {
  readonly subject: string;
  readonly role: string;
  readonly of: string;
}

interface RelatedPeople {
  /** By identifier. */
  readonly registerOf: ReadonlyMap<string, string>;
  readonly linksOf: ReadonlyMap<string, readonly LinkFact[]>;
}

/** If links of several registers lead to a person, the register that was first ties them; its links are those that count. */
function relatedPeople(facts: readonly LinkFact[]): RelatedPeople {
  const registerOf = new Map<string, string>();
  const linksOf = new Map<string, LinkFact[]>();
  for (const fact of facts) {
    const register = registerOf.get(fact.subject.id) ?? fact.register;
    registerOf.set(fact.subject.id, register);
    if (register !== fact.register) continue;
    const links = linksOf.get(register);
    if (links === undefined) linksOf.set(register, [fact]);
    else links.push(fact);
  }
  return { registerOf, linksOf };
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a person is tied to the case by no recorded fact');
  return value;
}
