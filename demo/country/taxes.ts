import { ageOn, dateBetween, daysAfter, FACT_DATE, fullMonthsBefore, later, yearsAfter } from './calendar.js';
import { drawJobs, namedJobs, type Job } from './jobs.js';
import type { Income, PensionContribution, Person, Taxpayer } from './model.js';
import type { Organisations } from './organisations.js';
import type { SeededRandom } from './random.js';

/** How far back the register of taxes looks, in full months. */
export const MONTHS_ON_RECORD = 36;
/** Before this date there is no register of taxes. */
const BEGIN = '2004-01-01';
const SUSPENDED = 0.02;
const PRIVATE_FUND = 0.03;
const CONTRIBUTION = 0.1;
/** Newest first. */
const MONTHS: readonly string[] = fullMonthsBefore(FACT_DATE, MONTHS_ON_RECORD);

/** Everyone of age is a taxpayer, and who earns is one before that. `named` have the work that is written down for them. */
export function registerTaxpayers(
  persons: readonly Person[],
  named: ReadonlySet<string>,
  organisations: Organisations,
  random: SeededRandom,
): Taxpayer[] {
  return persons.flatMap((person) => {
    const jobs = named.has(person.iin) ? namedJobs(person, organisations) : drawJobs(person, organisations, random);
    const grown = ageOn(person.birthDate, person.deathDate ?? FACT_DATE) >= 18;
    return grown || jobs.length > 0 ? [taxpayer(person, jobs, random)] : [];
  });
}

function taxpayer(person: Person, jobs: readonly Job[], random: SeededRandom): Taxpayer {
  const incomes = incomesOf(person, jobs);
  const fund = random.chance(PRIVATE_FUND) ? 'PRIVATE' : 'ENPF';
  const grown = yearsAfter(person.birthDate, 18);
  return {
    iin: person.iin,
    status: statusOf(person, incomes, random),
    registeredOn: grown > FACT_DATE ? `${incomes.at(-1)?.month ?? FACT_DATE.slice(0, 7)}-01` : later(grown, BEGIN),
    updatedAt: `${dateBetween(random, daysAfter(FACT_DATE, -300), daysAfter(FACT_DATE, -1))}T05:30:00Z`,
    incomes,
    contributions: incomes.map((income) => contribution(income, fund)),
  };
}

function statusOf({ deathDate }: Person, incomes: readonly Income[], random: SeededRandom): string {
  if (deathDate !== null) return 'DEREGISTERED';
  return incomes.length === 0 && random.chance(SUSPENDED) ? 'SUSPENDED' : 'ACTIVE';
}

/** The last full months of each job, as far as the register looks back. */
function incomesOf({ deathDate }: Person, jobs: readonly Job[]): Income[] {
  if (jobs.length === 0) return [];
  const last = deathDate === null ? 0 : MONTHS.findIndex((month) => month <= deathDate.slice(0, 7));
  const worked = last < 0 ? [] : MONTHS.slice(last);
  return worked.flatMap((month, back) =>
    jobs.flatMap(({ employer, months, wage }) =>
      back < months ? [{ month, amount: `${wageBefore(wage, back)}.00`, currency: 'KZT', employer }] : [],
    ),
  );
}

/** Wages have risen by an eighth of the present one a year. */
function wageBefore(wage: number, months: number): number {
  return Math.round(wage * (1 - Math.floor(months / 12) / 8));
}

function contribution(
  { month, amount, currency, employer }: Income,
  fund: PensionContribution['fund'],
): PensionContribution {
  return { month, amount: (Number(amount) * CONTRIBUTION).toFixed(2), currency, fund, employer };
}
