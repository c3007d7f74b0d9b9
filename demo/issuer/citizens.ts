import { createHmac } from 'node:crypto';
import { ageOn, FACT_DATE } from '../country/calendar.js';
import type { Person } from '../country/model.js';
import { FAMILIES, membersOf } from '../country/people.js';

/** A person as the sign-in page lists them. */
interface ListedCitizen {
  readonly iin: string;
  readonly name: string;
}

/** Who can sign in: living adults, each under an opaque subject. */
export class Citizens {
  readonly #subjectKey: Buffer;
  readonly #bySubject: ReadonlyMap<string, Person>;
  readonly listed: readonly ListedCitizen[];

  /** `subjectKey` is hex. */
  constructor(persons: readonly Person[], subjectKey: string) {
    this.#subjectKey = Buffer.from(subjectKey, 'hex');
    const adults = persons.filter(
      ({ lifeStatus, birthDate }) => lifeStatus === 'ALIVE' && ageOn(birthDate, FACT_DATE) >= 18,
    );
    this.#bySubject = new Map(adults.map((person) => [this.#subjectOf(person.iin), person]));
    const named = new Set(FAMILIES.flatMap(membersOf).map(({ iin }) => iin));
    this.listed = adults
      .filter(({ iin }) => named.has(iin))
      .map(({ iin, lastName, firstName }) => ({ iin, name: `${lastName} ${firstName}` }));
  }

  /** The subject under which the person with this number signs in, or undefined when no one can. */
  signIn(iin: string): string | undefined {
    const subject = this.#subjectOf(iin);
    return this.#bySubject.has(subject) ? subject : undefined;
  }

  iinOf(subject: string): string | undefined {
    return this.#bySubject.get(subject)?.iin;
  }

  #subjectOf(iin: string): string {
    return createHmac('sha256', this.#subjectKey).update(`citizen:${iin}`).digest('base64url');
  }
}
