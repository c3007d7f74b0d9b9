import type { Dwelling, Place } from './model.js';
import type { SeededRandom } from './random.js';

const place = (region: string, city: string, katoPrefix: string, plateRegion: string, serial: number): Place => ({
  region,
  city,
  kato: `${katoPrefix}9${String(serial).padStart(6, '0')}`,
  plateRegion,
});

/** Where the country's people live. Regions and cities are real, the codes of cities and dwellings are invented. */
export const PLACES: readonly Place[] = [
  place('Астана қаласы', 'Астана', '71', '01', 1),
  place('Алматы қаласы', 'Алматы', '75', '02', 2),
  place('Шымкент қаласы', 'Шымкент', '79', '17', 3),
  place('Қарағанды облысы', 'Қарағанды', '35', '09', 4),
  place('Ақтөбе облысы', 'Ақтөбе', '15', '04', 5),
  place('Павлодар облысы', 'Павлодар', '55', '14', 6),
  place('Қостанай облысы', 'Қостанай', '39', '10', 7),
  place('Абай облысы', 'Семей', '10', '18', 8),
  place('Маңғыстау облысы', 'Ақтау', '47', '12', 9),
  place('Жамбыл облысы', 'Тараз', '31', '08', 10),
  place('Солтүстік Қазақстан облысы', 'Петропавл', '59', '15', 11),
  place('Жетісу облысы', 'Талдықорған', '33', '19', 12),
];

const STREETS = [
  ...['Абай даңғылы', 'Сәтбаев көшесі', 'Достық көшесі', 'Жамбыл көшесі', 'Әуезов көшесі', 'Бейбітшілік көшесі'],
  ...[
    'Гагарин көшесі',
    'Мәңгілік Ел даңғылы',
    'Тәуелсіздік даңғылы',
    'Желтоқсан көшесі',
    'Қабанбай батыр көшесі',
    'Ыбырай Алтынсарин көшесі',
  ],
];

/** Builds dwellings, each with a code of its own. */
export class DwellingBuilder {
  readonly #random: SeededRandom;
  readonly all: Dwelling[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  build(place: Place): Dwelling {
    const dwelling: Dwelling = {
      code: `99${String(this.all.length + 1).padStart(14, '0')}`,
      place,
      street: this.#random.pick(STREETS),
      house: String(this.#random.integer(1, 180)),
      flat: this.#random.chance(0.75) ? String(this.#random.integer(1, 120)) : null,
    };
    this.all.push(dwelling);
    return dwelling;
  }
}

/** An address in one line, as the property register keeps it. */
export function addressLine(dwelling: Dwelling): string {
  const flat = dwelling.flat === null ? '' : `, ${dwelling.flat}`;
  return `${dwelling.place.city}, ${dwelling.street}, ${dwelling.house}${flat}`;
}
