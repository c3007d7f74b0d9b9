/** What the registers of the country hold, before each of them puts it into its own form. */

export type Sex = 'M' | 'F';
export type Culture = 'kazakh' | 'russian';

export interface Person {
  readonly iin: string;
  lastName: string;
  firstName: string;
  /** Patronymic; not everyone has one. */
  middleName: string | null;
  birthDate: string;
  sex: Sex;
  /** ALIVE or DECEASED, where the register is right. */
  lifeStatus: string;
  deathDate: string | null;
  documents: IdentityDocument[];
  spouseIin: string | null;
  childrenIins: string[];
  parentsIins: string[];
  /** ISO instant of the last change of the record. */
  recordUpdatedAt: string;
}

export interface IdentityDocument {
  type: 'ID_CARD' | 'PASSPORT' | 'BIRTH_CERTIFICATE';
  number: string | null;
  issuedOn: string;
  expiresOn: string | null;
  issuer: string;
}

export interface Place {
  readonly region: string;
  readonly city: string;
  /** Classifier of administrative objects, 9 digits; the last seven are invented. */
  readonly kato: string;
  /** Two digits that end the number plates of the region. */
  readonly plateRegion: string;
}

export interface Dwelling {
  readonly code: string;
  readonly place: Place;
  readonly street: string;
  readonly house: string;
  readonly flat: string | null;
}

export interface Registration {
  readonly dwelling: Dwelling;
  /** As the register wrote it down; the dwelling's place has the right one. */
  readonly kato: string;
  readonly kind: 'PERMANENT' | 'TEMPORARY';
  readonly registeredOn: string;
  deregisteredOn: string | null;
}

/** One person's addresses. */
export interface AddressRecord {
  readonly iin: string;
  current: Registration | null;
  /** Newest first. */
  readonly former: Registration[];
}

/** A right to land, in the legacy register's own words where it has codes. */
export interface LandRight {
  readonly id: number;
  cadastralNumber: string;
  area: string;
  use: string;
  readonly owner: string;
  readonly share: string;
  registeredOn: string;
}

export interface BuildingRight {
  readonly id: number;
  cadastralNumber: string;
  /** K flat, D house, N commercial. */
  kind: string;
  readonly area: string;
  readonly address: string;
  readonly owner: string;
  share: string;
  registeredOn: string;
}

export interface Vehicle {
  readonly id: number;
  readonly plate: string;
  readonly make: string;
  readonly model: string;
  year: number;
  readonly owner: string;
  registeredOn: string;
}

export interface Property {
  readonly lands: LandRight[];
  readonly buildings: BuildingRight[];
  readonly vehicles: Vehicle[];
}

/** A person as the register of taxes knows it. */
export interface Taxpayer {
  readonly iin: string;
  /** ACTIVE, SUSPENDED or DEREGISTERED, where the register is right. */
  status: string;
  readonly registeredOn: string;
  /** ISO instant of the last change of the record. */
  readonly updatedAt: string;
  /** Newest first; of one month in the order of the employers. */
  incomes: Income[];
  contributions: PensionContribution[];
}

/** What one employer paid in one month. */
export interface Income {
  /** YYYY-MM. */
  readonly month: string;
  /** Decimal text, in the currency. */
  amount: string;
  currency: string;
  readonly employer: Organisation;
}

export interface PensionContribution {
  readonly month: string;
  readonly amount: string;
  readonly currency: string;
  readonly fund: 'ENPF' | 'PRIVATE';
  readonly employer: Organisation;
}

export interface Organisation {
  readonly bin: string;
  readonly name: string;
}

/** A matter at an agency, and the one person that its application or list names. */
export interface AgencyCase {
  readonly agency: 'housing' | 'social' | 'appeals' | 'integrity';
  readonly number: string;
  status: 'open' | 'closed';
  readonly purpose: string;
  readonly kind: 'application' | 'list';
  /** Reference at the agency; no personal data. */
  readonly reference: string;
  readonly subject: string;
}

/** An entry in the register of civil acts. */
export interface Act {
  number: string | null;
  registeredOn: string;
  readonly office: string;
}

export interface Custody {
  /** PARENT or GUARDIAN, where the register is right. */
  kind: string;
  readonly guardianIin: string;
}

/** What the register of civil acts holds of one person. */
export interface CivilRecord {
  readonly iin: string;
  readonly spouseIin: string | null;
  readonly childrenIins: readonly string[];
  readonly parentsIins: readonly string[];
  readonly birth: (Act & { readonly bornOn: string; surname: string | null }) | null;
  readonly marriage: Act | null;
  readonly death: (Act & { readonly diedOn: string }) | null;
  readonly custody: readonly Custody[];
  adoption: Act | null;
}

/** An organisation as the register of business holds it. */
export interface RegisteredOrganisation {
  bin: string;
  readonly name: string;
  /** ACTIVE, SUSPENDED or LIQUIDATED, where the register is right. */
  status: string;
  readonly registeredOn: string;
}

export interface Directorship {
  readonly organisation: RegisteredOrganisation;
  readonly role: 'DIRECTOR' | 'ACTING_DIRECTOR' | 'BOARD_MEMBER';
  readonly since: string;
  /** Last day in office; null while the person holds it. */
  until: string | null;
}

export interface Ownership {
  readonly organisation: RegisteredOrganisation;
  share: string;
  readonly since: string;
}

/** What the register of business holds of one person. */
export interface BusinessRecord {
  readonly iin: string;
  readonly directorships: Directorship[];
  readonly ownerships: Ownership[];
}
