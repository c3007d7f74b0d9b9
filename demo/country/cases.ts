import { ageOn, FACT_DATE } from './calendar.js';
import type { AgencyCase, Person } from './model.js';
import { APPEAL_FAMILY, HOUSING_FAMILY, SECOND_HOUSING_FAMILY, SHOWCASE_FAMILY, SUPPORTED_FAMILY, type Family } from './people.js';
import type { SeededRandom } from './random.js';

/** Cases of each kind. */
export const CASES_OF_A_KIND = 50;

interface CaseKind {
  readonly agency: AgencyCase['agency'];
  readonly purpose: string;
  readonly kind: AgencyCase['kind'];
  readonly prefix: string;
  readonly first: number;
  /** Whose cases the first numbers are. */
  readonly named: readonly Family[];
}

const KINDS: readonly CaseKind[] = [
  { agency: 'housing', purpose: 'housing_queue', kind: 'application', prefix: 'HQ-2026-', first: 101, named: [HOUSING_FAMILY, SECOND_HOUSING_FAMILY, SHOWCASE_FAMILY] },
  { agency: 'social', purpose: 'proactive_support', kind: 'list', prefix: 'PS-2026-', first: 201, named: [SUPPORTED_FAMILY] },
  { agency: 'appeals', purpose: 'appeal_review', kind: 'application', prefix: 'AP-2026-', first: 301, named: [APPEAL_FAMILY] },
];

/** The agencies' cases: the named people first, then living adults drawn from the rest. */
export function openCases(persons: readonly Person[], named: ReadonlySet<string>, random: SeededRandom): AgencyCase[] {
  const adults = persons.filter((person) => person.lifeStatus === 'ALIVE' && ageOn(person.birthDate, FACT_DATE) >= 18 && !named.has(person.iin));
  return KINDS.flatMap((kind) => {
    const candidates = kind.agency === 'appeals' ? adults : adults.filter((person) => person.childrenIins.length > 0);
    const drawn = random.sample(candidates, CASES_OF_A_KIND - kind.named.length).map(({ iin }) => iin);
    return [...kind.named.map(({ applicant }) => applicant.iin), ...drawn].map((subject, index) => openCase(kind, subject, index));
  });
}

function openCase({ agency, purpose, kind, prefix, first }: CaseKind, subject: string, index: number): AgencyCase {
  const serial = String(first + index).padStart(6, '0');
  return { agency, number: `${prefix}${serial}`, purpose, kind, reference: `${agency}/${kind}/2025-${serial}`, subject };
}
