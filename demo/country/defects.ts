import {
  spoilAct,
  spoilAddress,
  spoilBuilding,
  spoilBusiness,
  spoilLand,
  spoilPerson,
  spoilTaxpayer,
  spoilVehicle,
  type Records,
  type Spot,
} from './spoiling.js';
import { SHOWCASE_FAMILY } from './people.js';
import type { SeededRandom } from './random.js';

export interface Defect {
  readonly register: 'population' | 'civil-acts' | 'address' | 'property' | 'tax' | 'business';
  /** What is wrong with the record. */
  readonly meaning: string;
  /** Share of the records that could have it. */
  readonly rate: number;
  /** What those records are. */
  readonly of: string;
  spots(records: Records): readonly Spot[];
}

/** Every known defect of the country. A record has at most one, a person too. */
export const DEFECTS = {
  stale_record: {
    register: 'population',
    meaning: 'not updated since 2019',
    rate: 0.02,
    of: 'persons',
    spots: spoilPerson.stale,
  },
  birth_date_contradicts_iin: {
    register: 'population',
    meaning: 'birth date ten years off the number',
    rate: 0.005,
    of: 'persons',
    spots: spoilPerson.birthDate,
  },
  sex_contradicts_iin: {
    register: 'population',
    meaning: 'sex other than the number says',
    rate: 0.004,
    of: 'persons',
    spots: spoilPerson.sex,
  },
  unknown_life_status: {
    register: 'population',
    meaning: 'a life status outside the classifier',
    rate: 0.003,
    of: 'living persons',
    spots: spoilPerson.lifeStatus,
  },
  missing_document_number: {
    register: 'population',
    meaning: 'a document without a number',
    rate: 0.01,
    of: 'persons',
    spots: spoilPerson.documentNumber,
  },
  expired_before_issued: {
    register: 'population',
    meaning: 'a document that ends before it begins',
    rate: 0.005,
    of: 'holders of a card or passport',
    spots: spoilPerson.documentPeriod,
  },
  latin_look_alike: {
    register: 'population',
    meaning: 'a Latin letter in a Cyrillic surname',
    rate: 0.01,
    of: 'persons',
    spots: spoilPerson.surname,
  },
  deceased_without_death_date: {
    register: 'population',
    meaning: 'deceased, but no date of death',
    rate: 0.05,
    of: 'deceased persons',
    spots: spoilPerson.deathDate,
  },
  kato_too_short: {
    register: 'address',
    meaning: 'a KATO code of 8 digits',
    rate: 0.01,
    of: 'current registrations',
    spots: spoilAddress.kato,
  },
  deregistered_before_registered: {
    register: 'address',
    meaning: 'a former registration that ends before it begins',
    rate: 0.01,
    of: 'persons with a former registration',
    spots: spoilAddress.period,
  },
  cadastral_number_too_short: {
    register: 'property',
    meaning: 'a cadastral number of 9 digits',
    rate: 0.03,
    of: 'rights to land',
    spots: spoilLand.cadastralNumber,
  },
  plot_without_area: {
    register: 'property',
    meaning: 'a plot of 0 square metres',
    rate: 0.02,
    of: 'rights to land',
    spots: spoilLand.area,
  },
  unknown_building_kind: {
    register: 'property',
    meaning: 'a kind of building outside the classifier',
    rate: 0.01,
    of: 'rights to buildings',
    spots: spoilBuilding.kind,
  },
  share_above_whole: {
    register: 'property',
    meaning: 'a share of 3/2',
    rate: 0.01,
    of: 'rights to buildings',
    spots: spoilBuilding.share,
  },
  impossible_registration_date: {
    register: 'property',
    meaning: 'registered on 31 February',
    rate: 0.01,
    of: 'vehicles',
    spots: spoilVehicle.registeredOn,
  },
  vehicle_from_the_future: {
    register: 'property',
    meaning: 'built in 2062',
    rate: 0.01,
    of: 'vehicles',
    spots: spoilVehicle.year,
  },
  act_without_number: {
    register: 'civil-acts',
    meaning: 'a birth act without a number',
    rate: 0.01,
    of: 'birth acts',
    spots: spoilAct.number,
  },
  act_before_birth: {
    register: 'civil-acts',
    meaning: 'a birth act entered before the birth',
    rate: 0.005,
    of: 'birth acts',
    spots: spoilAct.registeredOn,
  },
  cyrillic_custody_code: {
    register: 'civil-acts',
    meaning: 'a Cyrillic letter in the code of custody',
    rate: 0.01,
    of: 'minors in custody',
    spots: spoilAct.custody,
  },
  surname_differs: {
    register: 'civil-acts',
    meaning: 'another surname than the population register has',
    rate: 0.01,
    of: 'birth acts since 2008',
    spots: spoilAct.surname,
  },
  unknown_taxpayer_status: {
    register: 'tax',
    meaning: 'a status outside the classifier',
    rate: 0.005,
    of: 'taxpayers',
    spots: spoilTaxpayer.status,
  },
  negative_income: {
    register: 'tax',
    meaning: 'a negative amount',
    rate: 0.01,
    of: 'persons with an income',
    spots: spoilTaxpayer.amount,
  },
  cyrillic_look_alike: {
    register: 'tax',
    meaning: 'Cyrillic letters in a code of currency',
    rate: 0.01,
    of: 'persons with an income',
    spots: spoilTaxpayer.currency,
  },
  income_after_death: {
    register: 'tax',
    meaning: 'an income from months after the death',
    rate: 0.05,
    of: 'deceased taxpayers',
    spots: spoilTaxpayer.afterDeath,
  },
  wrong_bin: {
    register: 'business',
    meaning: 'an organisation with another check digit in its BIN',
    rate: 0.05,
    of: 'directors and board members',
    spots: spoilBusiness.bin,
  },
  cyrillic_status: {
    register: 'business',
    meaning: 'a Cyrillic letter in the status of an organisation',
    rate: 0.05,
    of: 'owners',
    spots: spoilBusiness.status,
  },
  director_of_nothing: {
    register: 'business',
    meaning: 'still in office in an organisation that is liquidated',
    rate: 0.5,
    of: 'those in office when an organisation was liquidated',
    spots: spoilBusiness.until,
  },
} as const satisfies Record<string, Defect>;

export type DefectId = keyof typeof DEFECTS;

/** Defects that named people carry, so that they can be shown. */
const SHOWN: Partial<Record<DefectId, string>> = {
  latin_look_alike: SHOWCASE_FAMILY.wife.iin,
  unknown_life_status: SHOWCASE_FAMILY.children[1]?.iin ?? '',
};

/**
 * Plants the known defects at their rates. Returns the numbers of the persons with each. People in `clean` get no
 * defect, except those who are there to show one.
 */
export function plantDefects(
  records: Records,
  clean: ReadonlySet<string>,
  random: SeededRandom,
): Record<DefectId, readonly string[]> {
  const spoilt = new Set(clean);
  const plant = (id: DefectId): readonly string[] => {
    const { rate, spots } = DEFECTS[id];
    const places = spots(records);
    const shown = places.filter(({ iin }) => iin === SHOWN[id]).slice(0, 1);
    const count = Math.max(1, Math.round(places.length * rate)) - shown.length;
    const chosen = [...shown, ...drawSpots(places, count, spoilt, random)];
    for (const spot of chosen) spot.spoil();
    return chosen.map(({ iin }) => iin);
  };
  return Object.fromEntries(Object.keys(DEFECTS).map((id) => [id, plant(id as DefectId)])) as Record<
    DefectId,
    readonly string[]
  >;
}

/** Draws spots at people who have no defect yet, one each, and marks them. */
function drawSpots(places: readonly Spot[], count: number, spoilt: Set<string>, random: SeededRandom): Spot[] {
  const drawn: Spot[] = [];
  for (const spot of random.sample(places, places.length)) {
    if (drawn.length === count) break;
    if (spoilt.has(spot.iin)) continue;
    spoilt.add(spot.iin);
    drawn.push(spot);
  }
  return drawn;
}
