import { ageOn, dateBetween, daysAfter, FACT_DATE, later, yearsAfter } from './calendar.js';
import type { SettledHousehold } from './addresses.js';
import type { Dwelling, Organisation, Person, Place, Property } from './model.js';
import { addressLine, PLACES, type DwellingBuilder } from './places.js';
import type { SeededRandom } from './random.js';

const LAND_USES = ['101', '102', '103', '201', '301'];
const CARS: readonly (readonly [make: string, model: string])[] = [
  ['Toyota', 'Camry'],
  ['Toyota', 'RAV4'],
  ['Hyundai', 'Accent'],
  ['Hyundai', 'Tucson'],
  ['Kia', 'Rio'],
  ['Kia', 'Sportage'],
  ['Lada', 'Granta'],
  ['Chevrolet', 'Cobalt'],
  ['Volkswagen', 'Polo'],
  ['ГАЗ', 'Газель'],
];
const PLATE_LETTERS = 'ABCDEFHKLMNOPRSTUVXYZ';

/** One owner's part of a thing. */
export interface Owner {
  readonly id: string;
  /** A fraction: 1/1, 1/2. */
  readonly share: string;
}

/** Registers rights and vehicles, each with a row number of its own. */
export class PropertyBuilder {
  readonly #random: SeededRandom;
  readonly property: Property = { lands: [], buildings: [], vehicles: [] };

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  land(owners: readonly Owner[], place: Place, since: string): void {
    const cadastralNumber = this.#cadastralNumber(place);
    const area = this.#area(400, 2500);
    const use = this.#random.pick(LAND_USES);
    for (const { id: owner, share } of owners) {
      this.property.lands.push({
        id: this.property.lands.length + 1,
        cadastralNumber,
        area,
        use,
        owner,
        share,
        registeredOn: since,
      });
    }
  }

  building(
    owners: readonly Owner[],
    dwelling: Dwelling,
    since: string,
    kind = dwelling.flat === null ? 'D' : 'K',
  ): void {
    const cadastralNumber = this.#cadastralNumber(dwelling.place);
    const area = kind === 'K' ? this.#area(32, 110) : this.#area(70, 260);
    const address = addressLine(dwelling);
    for (const { id: owner, share } of owners) {
      this.property.buildings.push({
        id: this.property.buildings.length + 1,
        cadastralNumber,
        kind,
        area,
        address,
        owner,
        share,
        registeredOn: since,
      });
    }
  }

  vehicle(owner: string, place: Place, since: string): void {
    const [make, model] = this.#random.pick(CARS);
    const letters = Array.from({ length: 3 }, () => this.#random.pick([...PLATE_LETTERS])).join('');
    const plate = `${this.#random.digits(3)}${letters}${place.plateRegion}`;
    const year = Number(since.slice(0, 4)) - this.#random.integer(0, 8);
    this.property.vehicles.push({
      id: this.property.vehicles.length + 1,
      plate,
      make,
      model,
      year,
      owner,
      registeredOn: since,
    });
  }

  #cadastralNumber(place: Place): string {
    return `${place.kato.slice(0, 2)}${this.#random.digits(10)}`;
  }

  #area(least: number, most: number): string {
    return `${this.#random.integer(least, most)}.${this.#random.integer(0, 9)}0`;
  }
}

/** What households and organisations own: about half of the families something, some of their children too. */
export function registerProperty(
  households: readonly SettledHousehold[],
  organisations: readonly Organisation[],
  builder: PropertyBuilder,
  dwellings: DwellingBuilder,
  random: SeededRandom,
): void {
  for (const { members, since, dwelling } of households) {
    const adults = members.filter(
      (person) => person.lifeStatus === 'ALIVE' && ageOn(person.birthDate, FACT_DATE) >= 18,
    );
    const minors = members.filter((person) => ageOn(person.birthDate, FACT_DATE) < 18);
    if (random.chance(0.55))
      builder.building(sharesOf(adults.slice(0, 2), random), dwelling, later(since, '2003-01-01'));
    for (const adult of adults) ownAlone(adult, dwelling, builder, random);
    for (const minor of minors) {
      if (random.chance(0.04))
        builder.building(
          [{ id: minor.iin, share: '1/1' }],
          dwellings.build(dwelling.place),
          dateBetween(random, minor.birthDate, FACT_DATE),
        );
    }
  }
  for (const { bin } of organisations) {
    builder.building(
      [{ id: bin, share: '1/1' }],
      dwellings.build(random.pick(PLACES)),
      dateBetween(random, '2012-01-01', '2025-12-31'),
      'N',
    );
    if (random.chance(0.5)) builder.vehicle(bin, random.pick(PLACES), dateBetween(random, '2018-01-01', '2025-12-31'));
  }
}

function ownAlone(adult: Person, dwelling: Dwelling, builder: PropertyBuilder, random: SeededRandom): void {
  const grown = later(yearsAfter(adult.birthDate, 18), '2004-01-01');
  const since = (): string => dateBetween(random, grown, daysAfter(FACT_DATE, -10));
  if (random.chance(0.12)) builder.land([{ id: adult.iin, share: '1/1' }], random.pick(PLACES), since());
  if (random.chance(0.3)) builder.vehicle(adult.iin, dwelling.place, since());
}

function sharesOf(adults: readonly Person[], random: SeededRandom): Owner[] {
  const owners = adults.length === 2 && random.chance(0.5) ? adults : adults.slice(0, 1);
  return owners.map(({ iin }) => ({ id: iin, share: owners.length === 2 ? '1/2' : '1/1' }));
}
