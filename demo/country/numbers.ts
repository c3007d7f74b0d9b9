import { checkDigit } from '../../schemas/identifiers/iin.js';
import type { Sex } from './model.js';
import type { SeededRandom } from './random.js';

/** First serial of the range that the country uses: no living person's number lies in it. */
export const FIRST_SERIAL = 9000;
export const LAST_SERIAL = 9999;

/** The IIN for these particulars, or undefined when the rules never issue it. Serial 9000 to 9999. */
export function iinOf(birthDate: string, sex: Sex, serial: number): string | undefined {
  const century = (Number(birthDate.slice(0, 2)) - 18) * 2 + (sex === 'M' ? 1 : 2);
  const eleven = `${birthDate.slice(2, 4)}${birthDate.slice(5, 7)}${birthDate.slice(8, 10)}${century}${serial}`;
  const digit = checkDigit(eleven);
  return digit === undefined ? undefined : `${eleven}${digit}`;
}

/** Issues numbers, each once. */
export class NumberIssuer {
  readonly #random: SeededRandom;
  readonly #issued: Set<string>;

  /** `taken` are numbers that were given away in advance. */
  constructor(random: SeededRandom, taken: readonly string[]) {
    this.#random = random;
    this.#issued = new Set(taken);
  }

  iin(birthDate: string, sex: Sex): string {
    return this.#fresh(() => iinOf(birthDate, sex, this.#random.integer(FIRST_SERIAL, LAST_SERIAL)));
  }

  /** A BIN: year and month of registration, kind of organisation, feature, serial, check digit. */
  bin(): string {
    return this.#fresh(() => {
      const yearAndMonth =
        `${this.#random.integer(0, 25)}`.padStart(2, '0') + `${this.#random.integer(1, 12)}`.padStart(2, '0');
      const eleven = `${yearAndMonth}40${`9${this.#random.digits(4)}`}`;
      const digit = checkDigit(eleven);
      return digit === undefined ? undefined : `${eleven}${digit}`;
    });
  }

  #fresh(draw: () => string | undefined): string {
    for (;;) {
      const number = draw();
      if (number === undefined || this.#issued.has(number)) continue;
      this.#issued.add(number);
      return number;
    }
  }
}
