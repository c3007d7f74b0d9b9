import { FACT_DATE } from './calendar.js';
import type { Culture, Person, Sex } from './model.js';
import { drawGivenName, feminine, patronymicOf } from './names.js';
import type { NumberIssuer } from './numbers.js';
import type { SeededRandom } from './random.js';

/** Share of people whose record holds no patronymic. */
const WITHOUT_PATRONYMIC = 0.06;

export interface Birth {
  readonly birthDate: string;
  readonly sex: Sex;
  readonly culture: Culture;
  /** Family name in the men's form. */
  readonly surname: string;
  /** Given name of the father, recorded or not. */
  readonly fatherName: string;
  readonly father?: Person;
  readonly mother?: Person;
  readonly firstName?: string;
  /** Without it a patronymic is formed, for most. */
  readonly middleName?: string | null;
  /** A number reserved in advance. */
  readonly iin?: string;
}

/** Brings people into being and ties them together; links always exist in both directions. */
export class PopulationBuilder {
  readonly #random: SeededRandom;
  readonly #numbers: NumberIssuer;
  readonly #capacity: number;
  readonly persons: Person[] = [];

  constructor(random: SeededRandom, numbers: NumberIssuer, capacity: number) {
    this.#random = random;
    this.#numbers = numbers;
    this.#capacity = capacity;
  }

  /** How many people may still be born. */
  get room(): number {
    return this.#capacity - this.persons.length;
  }

  born(birth: Birth): Person {
    const parents = [birth.mother, birth.father].filter((parent) => parent !== undefined);
    const person: Person = {
      iin: birth.iin ?? this.#numbers.iin(birth.birthDate, birth.sex),
      lastName: birth.sex === 'F' ? feminine(birth.surname) : birth.surname,
      firstName: birth.firstName ?? this.#givenName(birth, parents),
      middleName: birth.middleName === undefined ? this.#patronymic(birth) : birth.middleName,
      birthDate: birth.birthDate,
      sex: birth.sex,
      lifeStatus: 'ALIVE',
      deathDate: null,
      documents: [],
      spouseIin: null,
      childrenIins: [],
      parentsIins: parents.map(({ iin }) => iin),
      recordUpdatedAt: this.#updatedAt(),
    };
    for (const parent of parents) parent.childrenIins.push(person.iin);
    this.persons.push(person);
    return person;
  }

  /** `surname` is what the wife takes; without it she keeps her own. */
  marry(husband: Person, wife: Person, surname?: string): void {
    husband.spouseIin = wife.iin;
    wife.spouseIin = husband.iin;
    if (surname !== undefined) wife.lastName = feminine(surname);
  }

  parted(husband: Person, wife: Person): void {
    husband.spouseIin = null;
    wife.spouseIin = null;
  }

  /** A death ends the marriage in the records of both. */
  died(person: Person, deathDate: string, spouse?: Person): void {
    person.lifeStatus = 'DECEASED';
    person.deathDate = deathDate;
    person.spouseIin = null;
    if (spouse !== undefined) spouse.spouseIin = null;
  }

  #givenName(birth: Birth, parents: readonly Person[]): string {
    const siblings = new Set(parents.flatMap((parent) => parent.childrenIins));
    const taken = new Set(
      this.persons
        .slice(-8)
        .filter(({ iin }) => siblings.has(iin))
        .map(({ firstName }) => firstName),
    );
    for (;;) {
      const name = drawGivenName(this.#random, birth.culture, birth.sex);
      if (!taken.has(name)) return name;
    }
  }

  #patronymic(birth: Birth): string | null {
    return this.#random.chance(WITHOUT_PATRONYMIC) ? null : patronymicOf(birth.fatherName, birth.sex);
  }

  #updatedAt(): string {
    const month = FACT_DATE.slice(0, 5) + this.#random.pick(['01', '02']);
    const day = String(this.#random.integer(1, 28)).padStart(2, '0');
    const hour = String(this.#random.integer(3, 12)).padStart(2, '0');
    return `${month}-${day}T${hour}:40:00Z`;
  }
}
