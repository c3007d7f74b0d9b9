import { ageOn, FACT_DATE } from './calendar.js';
import type { Organisation, Person } from './model.js';
import type { Organisations } from './organisations.js';
import {
  APPEAL_FAMILY,
  HOUSING_FAMILY,
  OFFICIAL,
  SECOND_HOUSING_FAMILY,
  SHOWCASE_FAMILY,
  SUPPORTED_FAMILY,
  WORKING_MINOR,
} from './people.js';
import type { SeededRandom } from './random.js';

/** Work for one employer. */
export interface Job {
  readonly employer: Organisation;
  /** Full months worked up to the fact date, or to death. */
  readonly months: number;
  /** Present wage in whole tenge. */
  readonly wage: number;
}

const EMPLOYED = 0.7;
const SECOND_JOB = 0.06;
const PENSION_AGE = 63;
const WORKING_AGE = 18;
const LONG_AGO = 60;

/** Wages of the named people, by their numbers; those who are missing have no work. */
const NAMED_WAGES: Readonly<Record<string, readonly number[]>> = {
  [HOUSING_FAMILY.husband.iin]: [420_000],
  [HOUSING_FAMILY.wife.iin]: [185_000],
  [OFFICIAL.iin]: [640_000, 95_000],
  [SECOND_HOUSING_FAMILY.wife.iin]: [310_000],
  [SHOWCASE_FAMILY.husband.iin]: [275_000],
  [SUPPORTED_FAMILY.husband.iin]: [120_000],
  [APPEAL_FAMILY.husband.iin]: [350_000],
};

/** Where the named people work: each for as long as the register looks back, the minor since two months. */
export function namedJobs({ iin }: Person, { agencies, companies }: Organisations): readonly Job[] {
  const employer = companies[0] ?? agencies.housing;
  if (iin === WORKING_MINOR.iin) return [{ employer, months: 2, wage: 45_000 }];
  const wages = NAMED_WAGES[iin] ?? [];
  return wages.map((wage, place) => ({
    employer: iin === OFFICIAL.iin && place === 0 ? agencies.social : employer,
    months: LONG_AGO,
    wage,
  }));
}

/** Work of everyone else, drawn: of working age, most have some. */
export function drawJobs(
  { birthDate, deathDate }: Person,
  { companies }: Organisations,
  random: SeededRandom,
): readonly Job[] {
  const end = deathDate ?? FACT_DATE;
  const age = ageOn(birthDate, end);
  if (age < WORKING_AGE || age >= PENSION_AGE || !random.chance(EMPLOYED)) return [];
  const job = (): Job => ({
    employer: random.pick(companies),
    months: random.integer(2, LONG_AGO),
    wage: random.integer(90, 900) * 1000,
  });
  const first = job();
  if (!random.chance(SECOND_JOB)) return [first];
  const second = job();
  return second.employer === first.employer ? [first] : [first, second];
}
