import type { EntryDisclosure } from '../../monitoring/audit/entries.js';
import type { Grant } from '../../schemas/ports/gate.js';

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
 */
export function entryDisclosures(recorded: readonly RecordedDisclosure[]): readonly EntryDisclosure[] {
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
  const groups = new Map<string, Group>();
  for (const { category, access, grant, subjects } of disclosures) {
    const already = access === 'disclose' ? undefined : disclosed.get(consentedKey(category, grant));
    const more = already === undefined ? subjects : subjects.filter((position) => !already.has(position));
    if (more.length === 0) continue;
    const key = `${access} ${groundKey(category, grant)}`;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { category, access, grant, consents: [], subjects: [] }));
    group.subjects.push(...more);
    const consent = consentOf(grant);
    if (consent !== undefined) for (let times = 0; times < more.length; times += 1) group.consents.push(consent);
  }
  return [...groups.values()].map(({ category, access, grant, consents, subjects }) => ({
    category,
    access,
    basis: grant.basis,
    nexus: grant.nexus ?? null,
    policies: grant.policies,
    consents,
    subjects: subjects.filter((one) => one !== NO_PERSON),
  }));
}

interface Group extends Omit<RecordedDisclosure, 'subjects'> {
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
