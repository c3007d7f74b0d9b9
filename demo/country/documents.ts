import { ageOn, dateBetween, daysAfter, earlier, FACT_DATE, later, yearsAfter } from './calendar.js';
import type { IdentityDocument, Person } from './model.js';
import type { SeededRandom } from './random.js';

/** Age from which people hold an identity card instead of a birth certificate only. */
const CARD_AGE = 16;
const VALID_YEARS = 10;

/** Gives everyone the documents of their age: all valid at the fact date, or at death. */
export function issueDocuments(persons: readonly Person[], random: SeededRandom): void {
  for (const person of persons) person.documents = documentsOf(person, random);
}

function documentsOf(person: Person, random: SeededRandom): IdentityDocument[] {
  const end = person.deathDate ?? FACT_DATE;
  if (ageOn(person.birthDate, end) < CARD_AGE) return [birthCertificate(person, random)];
  const documents = [identityDocument('ID_CARD', `0${random.digits(8)}`, person, random)];
  if (random.chance(0.3)) documents.push(identityDocument('PASSPORT', `N${random.digits(8)}`, person, random));
  return documents;
}

function birthCertificate(person: Person, random: SeededRandom): IdentityDocument {
  return {
    type: 'BIRTH_CERTIFICATE',
    number: random.digits(10),
    issuedOn: earlier(daysAfter(person.birthDate, random.integer(3, 28)), FACT_DATE),
    expiresOn: null,
    issuer: 'ҚР Әділет министрлігі',
  };
}

function identityDocument(
  type: 'ID_CARD' | 'PASSPORT',
  number: string,
  person: Person,
  random: SeededRandom,
): IdentityDocument {
  const end = person.deathDate ?? FACT_DATE;
  const from = later(yearsAfter(person.birthDate, CARD_AGE), yearsAfter(end, 1 - VALID_YEARS));
  const issuedOn = dateBetween(random, from, daysAfter(end, -14));
  return {
    type,
    number,
    issuedOn,
    expiresOn: daysAfter(yearsAfter(issuedOn, VALID_YEARS), -1),
    issuer: 'ҚР Ішкі істер министрлігі',
  };
}
