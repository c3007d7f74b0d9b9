import type { Person } from '../../country/model.js';

/** A person as the population register sends it. */
export interface PersonRecord {
  readonly iin: string;
  readonly last_name: string;
  readonly first_name: string;
  readonly middle_name: string | null;
  readonly birth_date: string;
  readonly sex: 'M' | 'F';
  readonly life_status: string;
  readonly death_date: string | null;
  readonly documents: readonly DocumentRecord[];
  readonly family: { readonly spouse_iin: string | null; readonly children_iins: readonly string[]; readonly parents_iins: readonly string[] };
  /** ISO instant. */
  readonly record_updated_at: string;
}

interface DocumentRecord {
  readonly doc_type: string;
  readonly doc_number: string | null;
  readonly issued_on: string;
  readonly expires_on: string | null;
  readonly issuer: string;
}

export function personRecord(person: Person): PersonRecord {
  return {
    iin: person.iin,
    last_name: person.lastName,
    first_name: person.firstName,
    middle_name: person.middleName,
    birth_date: person.birthDate,
    sex: person.sex,
    life_status: person.lifeStatus,
    death_date: person.deathDate,
    documents: person.documents.map(({ type, number, issuedOn, expiresOn, issuer }) => ({
      doc_type: type,
      doc_number: number,
      issued_on: issuedOn,
      expires_on: expiresOn,
      issuer,
    })),
    family: { spouse_iin: person.spouseIin, children_iins: person.childrenIins, parents_iins: person.parentsIins },
    record_updated_at: person.recordUpdatedAt,
  };
}
