import { birthDateOf } from '../../schemas/identifiers/iin.js';
import { ageOn, FACT_DATE } from './calendar.js';
import type { AgencyCase, Person } from './model.js';
import {
  APPEAL_FAMILY,
  HOUSING_FAMILY,
  NEWBORN,
  OFFICIAL,
  SECOND_HOUSING_FAMILY,
  SHOWCASE_FAMILY,
  SUPPORTED_FAMILY,
} from './people.js';
import type { SeededRandom } from './random.js';

/** Open cases of each kind. */
export const CASES_OF_A_KIND = 50;

interface CaseKind {
  readonly agency: AgencyCase['agency'];
  readonly purpose: string;
  readonly kind: AgencyCase['kind'];
  readonly prefix: string;
  readonly first: number;
  /** The people that the first numbers are about. */
  readonly named: readonly { readonly iin: string }[];
  /** Whether a case of this kind could be about someone. */
  readonly concerns: (person: Person) => boolean;
}

const age = ({ iin }: Person): number => ageOn(birthDateOf(iin) ?? FACT_DATE, FACT_DATE);
const isAdult = (person: Person): boolean => ageOn(person.birthDate, FACT_DATE) >= 18;
const isParent = (person: Person): boolean => isAdult(person) && person.childrenIins.length > 0;
const applicants = (...families: readonly { readonly applicant: { readonly iin: string } }[]) =>
  families.map(({ applicant }) => applicant);

const KINDS: readonly CaseKind[] = [
  {
    agency: 'housing',
    purpose: 'housing_queue',
    kind: 'application',
    prefix: 'HQ-2026-',
    first: 101,
    named: applicants(HOUSING_FAMILY, SECOND_HOUSING_FAMILY, SHOWCASE_FAMILY),
    concerns: isParent,
  },
  {
    agency: 'social',
    purpose: 'proactive_support',
    kind: 'list',
    prefix: 'PS-2026-',
    first: 201,
    named: applicants(SUPPORTED_FAMILY),
    concerns: isParent,
  },
  {
    agency: 'appeals',
    purpose: 'appeal_review',
    kind: 'application',
    prefix: 'AP-2026-',
    first: 301,
    named: applicants(APPEAL_FAMILY),
    concerns: isAdult,
  },
  {
    agency: 'social',
    purpose: 'birth_allowance',
    kind: 'application',
    prefix: 'BA-2026-',
    first: 401,
    named: [NEWBORN],
    concerns: (person) => age(person) < 3 && person.parentsIins.length === 2,
  },
  {
    agency: 'integrity',
    purpose: 'declaration_check',
    kind: 'list',
    prefix: 'DC-2026-',
    first: 501,
    named: [OFFICIAL],
    concerns: isAdult,
  },
];

/**
 * The agencies' cases. Of each kind, first the open ones: the named people, then living ones drawn from
 * the rest, as many as there are. Then one closed case of each kind, with the number before the first
 * open one and about the same person.
 */
export function agencyCases(
  persons: readonly Person[],
  named: ReadonlySet<string>,
  random: SeededRandom,
): AgencyCase[] {
  const others = persons.filter(({ iin, lifeStatus }) => lifeStatus === 'ALIVE' && !named.has(iin));
  const open = KINDS.flatMap((kind) => {
    const drawn = random.sample(others.filter(kind.concerns), CASES_OF_A_KIND - kind.named.length);
    return [...kind.named, ...drawn].map(({ iin }, index) => agencyCase(kind, 'open', iin, index));
  });
  const closed = KINDS.flatMap((kind) => kind.named.slice(0, 1).map(({ iin }) => agencyCase(kind, 'closed', iin, -1)));
  return [...open, ...closed];
}

function agencyCase(
  { agency, purpose, kind, prefix, first }: CaseKind,
  status: AgencyCase['status'],
  subject: string,
  index: number,
): AgencyCase {
  const serial = String(first + index).padStart(6, '0');
  return {
    agency,
    number: `${prefix}${serial}`,
    status,
    purpose,
    kind,
    reference: `${agency}/${kind}/2025-${serial}`,
    subject,
  };
}
