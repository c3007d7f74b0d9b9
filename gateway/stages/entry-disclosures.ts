import type { EntryDisclosure, EntryNexus } from '../../monitoring/audit/entries.js';
import type { Grant } from '../../schemas/ports/gate.js';
import type { NexusOf } from './entry-nexus.js';

/** What was read about some subjects on one ground, as execution records it. */
export interface RecordedDisclosure {
  readonly category: string;
  readonly access: EntryDisclosure['access'];
  readonly grant: Grant;
  /** Positions in the subjects of the entry; empty for data about no person. */
  readonly subjects: readonly number[];
}

/** Stands for the subject of data about no person. */
const NO_PERSON = -1;

/**
 * Returns the disclosures of an entry, as short as they can be, so that an entry takes many people:
 *
 * - Those that differ only in the person's consent are one, with a consent for each subject in the order
 *   of the subjects.
 * - What was disclosed about a person is not listed as read on the same ground as well.
 *
 * People who are tied to the case by answers of different sources stand in different ones.
 */
export function entryDisclosures(
  recorded: readonly RecordedDisclosure[],
  nexusOf: NexusOf,
): readonly EntryDisclosure[] {
  const disclosures = recorded.map((one) => (one.subjects.length === 0 ? { ...one, subjects: [NO_PERSON] } : one));
  /** By ground with consent: whose data was disclosed. */
  const disclosed = new Map<string, Set<number>>();
  for (const { category, access, grant, subjects } of disclosures) {
    if (access !== 'disclose') continue;
    const key = consentedKey(category, grant);
    const positions = disclosed.get(key) ?? new Set();
    for (const position of subjects) positions.add(position);
    disclosed.set(key, positions);
  }
  const groups: Group[] = [];
  const byGround = new Map<string, Map<EntryNexus | null, Group>>();
  for (const { category, access, grant, subjects } of disclosures) {
    const already = access === 'disclose' ? undefined : disclosed.get(consentedKey(category, grant));
    const more = already === undefined ? subjects : subjects.filter((position) => !already.has(position));
    if (more.length === 0) continue;
    const key = `${access} ${groundKey(category, grant)}`;
    let byNexus = byGround.get(key);
    if (byNexus === undefined) byGround.set(key, (byNexus = new Map()));
    const consent = consentOf(grant);
    for (const position of more) {
      const nexus = grant.nexus === undefined ? null : nexusOf(grant.nexus, position);
      let group = byNexus.get(nexus);
      if (group === undefined) {
        byNexus.set(nexus, (group = { category, access, grant, nexus, consents: [], subjects: [] }));
        groups.push(group);
      }
      group.subjects.push(position);
      if (consent !== undefined) group.consents.push(consent);
    }
  }
  return groups.map(({ category, access, grant, nexus, consents, subjects }) => ({
    category,
    access,
    basis: grant.basis,
    nexus,
    policies: grant.policies,
    consents,
    subjects: subjects.filter((one) => one !== NO_PERSON),
  }));
}

interface Group extends Omit<RecordedDisclosure, 'subjects'> {
  readonly nexus: EntryNexus | null;
  readonly consents: string[];
  readonly subjects: number[];
}

function groundKey(category: string, { basis, nexus, policies }: Grant): string {
  return [category, basis, nexus, ...policies].join(' ');
}

function consentedKey(category: string, grant: Grant): string {
  return `${consentOf(grant) ?? ''} ${groundKey(category, grant)}`;
}

function consentOf({ claim }: Grant): string | undefined {
  return claim && `${claim.consentId}@${claim.revision}`;
}
