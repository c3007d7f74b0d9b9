import { birthDateOf } from '../../schemas/identifiers/iin.js';
import { ageOn, dateBetween, daysAfter, earlier, FACT_DATE, later, yearsAfter } from './calendar.js';
import type { Act, CivilRecord, Custody, Person } from './model.js';
import type { SeededRandom } from './random.js';

/** Acts before this year were taken over from paper, without names. */
const NAMES_SINCE = '2008';

/** What the register of civil acts holds of everyone: family, births, marriages, deaths, custody, one adoption. */
export function registerActs(persons: readonly Person[], random: SeededRandom): CivilRecord[] {
  const acts = new ActBook(random);
  const byIin = new Map(persons.map((person) => [person.iin, person]));
  const marriages = new Map<string, Act>();
  const records = persons.map((person): CivilRecord => {
    const { iin, spouseIin, childrenIins, parentsIins, deathDate } = person;
    return {
      iin,
      spouseIin,
      childrenIins,
      parentsIins,
      birth: birthAct(person, acts),
      marriage: spouseIin === null ? null : marriageAct([iin, spouseIin], marriages, acts),
      death: deathDate === null ? null : { ...acts.enter(deathDate, 10), diedOn: deathDate },
      custody: custodyOf(person, byIin),
      adoption: null,
    };
  });
  adopt(records, acts);
  return records;
}

/** Numbers acts as they are entered. */
class ActBook {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** An act of something that happened on `date`, entered within `days` days. */
  enter(date: string, within: number): Act {
    const registeredOn = earlier(daysAfter(date, this.#random.integer(1, within)), FACT_DATE);
    const region = String(this.#random.integer(10, 29));
    return {
      number: `${region}-${registeredOn.slice(0, 4)}-${this.#random.digits(6)}`,
      registeredOn,
      office: `АХАТ бөлімі № ${region}`,
    };
  }

  between(first: string, last: string): string {
    return dateBetween(this.#random, first, last);
  }
}

function birthAct({ iin, lastName }: Person, acts: ActBook): CivilRecord['birth'] {
  const bornOn = birthDateOf(iin) ?? FACT_DATE;
  return { ...acts.enter(bornOn, 60), bornOn, surname: bornOn < NAMES_SINCE ? null : lastName };
}

/** One act for both. */
function marriageAct(couple: readonly [string, string], known: Map<string, Act>, acts: ActBook): Act {
  const key = [...couple].sort().join();
  const entered = known.get(key) ?? acts.enter(weddingDay(couple, acts), 1);
  known.set(key, entered);
  return entered;
}

function weddingDay(couple: readonly [string, string], acts: ActBook): string {
  const [one, other] = couple.map((iin) => birthDateOf(iin) ?? FACT_DATE) as [string, string];
  const grown = yearsAfter(later(one, other), 18);
  return acts.between(grown, earlier(yearsAfter(grown, 6), daysAfter(FACT_DATE, -30)));
}

/** Both parents who live; where they have parted the mother; a grandparent where no parent lives. */
function custodyOf(child: Person, byIin: ReadonlyMap<string, Person>): Custody[] {
  if (ageOn(birthDateOf(child.iin) ?? '', FACT_DATE) >= 18) return [];
  const living = (iins: readonly string[]): Person[] =>
    iins.flatMap((iin) => byIin.get(iin) ?? []).filter(({ lifeStatus }) => lifeStatus === 'ALIVE');
  const parents = living(child.parentsIins);
  const [first, second] = parents;
  if (first !== undefined && second !== undefined && first.spouseIin !== second.iin)
    return [{ kind: 'PARENT', guardianIin: (first.sex === 'F' ? first : second).iin }];
  if (first !== undefined) return parents.map(({ iin }) => ({ kind: 'PARENT', guardianIin: iin }));
  const elders = living(child.parentsIins.flatMap((iin) => byIin.get(iin)?.parentsIins ?? []));
  return elders.slice(0, 1).map(({ iin }) => ({ kind: 'GUARDIAN', guardianIin: iin }));
}

/** One child of the country was adopted: its acts look like every child's but for the one that the law keeps secret. */
function adopt(records: readonly CivilRecord[], acts: ActBook): void {
  const child = records.findLast(
    ({ birth, parentsIins }) =>
      birth !== null && birth.bornOn > '2015' && birth.bornOn < '2018' && parentsIins.length === 2,
  );
  if (child?.birth) child.adoption = acts.enter(yearsAfter(child.birth.bornOn, 3), 30);
}
