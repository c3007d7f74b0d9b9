import { daysAfter, FACT_DATE, fullMonthsBefore, yearsAfter } from './calendar.js';
import type {
  AddressRecord,
  BusinessRecord,
  CivilRecord,
  IdentityDocument,
  Income,
  Person,
  Property,
  Taxpayer,
} from './model.js';
import type { Organisations } from './organisations.js';

/** How each known defect gets into a record, and which records could have it. */

/** One place where a defect may be put. */
export interface Spot {
  /** The person that the record is about. */
  readonly iin: string;
  spoil(): void;
}

export interface Records {
  readonly persons: readonly Person[];
  readonly civilActs: readonly CivilRecord[];
  readonly addresses: readonly AddressRecord[];
  readonly property: Property;
  readonly organisations: Organisations;
  readonly taxes: readonly Taxpayer[];
  readonly business: readonly BusinessRecord[];
}

const LOOK_ALIKES: Readonly<Record<string, string>> = { а: 'a', о: 'o', е: 'e', с: 'c', р: 'p' };

const hasCard = ({ documents }: Person): boolean => documents.some(({ type }) => type !== 'BIRTH_CERTIFICATE');
const ofPersons = (persons: readonly Person[], spoil: (person: Person) => void): Spot[] =>
  persons.map((person) => ({
    iin: person.iin,
    spoil: () => {
      spoil(person);
    },
  }));

function firstOf(person: Person): IdentityDocument {
  const [document] = person.documents;
  if (document === undefined) throw new RangeError('everyone has a document');
  return document;
}

export const spoilPerson = {
  stale: ({ persons }: Records): Spot[] =>
    ofPersons(persons, (person) => {
      person.recordUpdatedAt = '2019-04-11T06:00:00Z';
    }),
  birthDate: ({ persons }: Records): Spot[] =>
    ofPersons(persons, (person) => {
      person.birthDate = yearsAfter(person.birthDate, -10);
    }),
  sex: ({ persons }: Records): Spot[] =>
    ofPersons(persons, (person) => {
      person.sex = person.sex === 'M' ? 'F' : 'M';
    }),
  lifeStatus: ({ persons }: Records): Spot[] =>
    ofPersons(
      persons.filter(({ lifeStatus }) => lifeStatus === 'ALIVE'),
      (person) => {
        person.lifeStatus = '1';
      },
    ),
  documentNumber: ({ persons }: Records): Spot[] =>
    ofPersons(persons, (person) => {
      firstOf(person).number = null;
    }),
  documentPeriod: ({ persons }: Records): Spot[] =>
    ofPersons(persons.filter(hasCard), (person) => {
      firstOf(person).expiresOn = daysAfter(firstOf(person).issuedOn, -40);
    }),
  surname: ({ persons }: Records): Spot[] =>
    ofPersons(persons, (person) => {
      person.lastName = person.lastName.replace(/[аоеср]/, (letter) => LOOK_ALIKES[letter] ?? letter);
    }),
  deathDate: ({ persons }: Records): Spot[] =>
    ofPersons(
      persons.filter(({ lifeStatus }) => lifeStatus === 'DECEASED'),
      (person) => {
        person.deathDate = null;
      },
    ),
};

export const spoilAct = {
  number: ({ civilActs }: Records): Spot[] =>
    ofBirths(civilActs, (birth) => {
      birth.number = null;
    }),
  registeredOn: ({ civilActs }: Records): Spot[] =>
    ofBirths(civilActs, (birth) => {
      birth.registeredOn = daysAfter(birth.bornOn, -20);
    }),
  custody: ({ civilActs }: Records): Spot[] =>
    civilActs.flatMap(({ iin, custody: [first] }) =>
      first === undefined
        ? []
        : [
            {
              iin,
              spoil: () => {
                first.kind = first.kind.replace('A', 'А');
              },
            },
          ],
    ),
  surname: ({ civilActs }: Records): Spot[] =>
    ofBirths(
      civilActs.filter(({ birth }) => typeof birth?.surname === 'string'),
      (birth) => {
        birth.surname = `${birth.surname?.slice(0, 1) ?? ''}ә${birth.surname?.slice(2) ?? ''}`;
      },
    ),
};

function ofBirths(
  civilActs: readonly CivilRecord[],
  spoil: (birth: NonNullable<CivilRecord['birth']>) => void,
): Spot[] {
  return civilActs.flatMap(({ iin, birth }) =>
    birth === null
      ? []
      : [
          {
            iin,
            spoil: () => {
              spoil(birth);
            },
          },
        ],
  );
}

export const spoilBusiness = {
  bin: ({ business }: Records): Spot[] =>
    business.flatMap(({ iin, directorships: [first] }) =>
      first === undefined
        ? []
        : [
            {
              iin,
              spoil: () => {
                first.organisation.bin = otherCheckDigit(first.organisation.bin);
              },
            },
          ],
    ),
  status: ({ business }: Records): Spot[] =>
    business.flatMap(({ iin, ownerships: [first] }) =>
      first === undefined
        ? []
        : [
            {
              iin,
              spoil: () => {
                first.organisation.status = first.organisation.status.replace('A', 'А');
              },
            },
          ],
    ),
  until: ({ business }: Records): Spot[] =>
    business.flatMap(({ iin, directorships }) => {
      const ended = directorships.find(({ until }) => until !== null);
      return ended === undefined
        ? []
        : [
            {
              iin,
              spoil: () => {
                ended.until = null;
              },
            },
          ];
    }),
};

function otherCheckDigit(bin: string): string {
  return `${bin.slice(0, 11)}${(Number(bin[11]) + 1) % 10}`;
}

export const spoilAddress = {
  /** One member's copy of the dwelling's code: the household's others keep theirs. */
  kato: ({ addresses }: Records): Spot[] =>
    addresses.flatMap((record) => {
      const { current } = record;
      if (current === null) return [];
      return [
        {
          iin: record.iin,
          spoil: () => {
            record.current = { ...current, kato: current.kato.slice(0, 8) };
          },
        },
      ];
    }),
  period: ({ addresses }: Records): Spot[] =>
    addresses.flatMap(({ iin, former }) => {
      const [latest] = former;
      if (latest === undefined) return [];
      return [
        {
          iin,
          spoil: () => {
            latest.deregisteredOn = daysAfter(latest.registeredOn, -30);
          },
        },
      ];
    }),
};

export const spoilLand = {
  cadastralNumber: ({ property }: Records): Spot[] =>
    property.lands.map((land) => ({
      iin: land.owner,
      spoil: () => {
        land.cadastralNumber = land.cadastralNumber.slice(0, 9);
      },
    })),
  area: ({ property }: Records): Spot[] =>
    property.lands.map((land) => ({
      iin: land.owner,
      spoil: () => {
        land.area = '0.00';
      },
    })),
};

export const spoilBuilding = {
  kind: ({ property }: Records): Spot[] =>
    property.buildings.map((building) => ({
      iin: building.owner,
      spoil: () => {
        building.kind = 'Z';
      },
    })),
  share: ({ property }: Records): Spot[] =>
    property.buildings.map((building) => ({
      iin: building.owner,
      spoil: () => {
        building.share = '3/2';
      },
    })),
};

export const spoilVehicle = {
  registeredOn: ({ property }: Records): Spot[] =>
    property.vehicles.map((vehicle) => ({
      iin: vehicle.owner,
      spoil: () => {
        vehicle.registeredOn = `${vehicle.registeredOn.slice(0, 4)}-02-31`;
      },
    })),
  year: ({ property }: Records): Spot[] =>
    property.vehicles.map((vehicle) => ({
      iin: vehicle.owner,
      spoil: () => {
        vehicle.year = 2062;
      },
    })),
};

const ofTaxpayers = (taxpayers: readonly Taxpayer[], spoil: (taxpayer: Taxpayer) => void): Spot[] =>
  taxpayers.map((taxpayer) => ({
    iin: taxpayer.iin,
    spoil: () => {
      spoil(taxpayer);
    },
  }));
const newestOf = ({ incomes: [income] }: Taxpayer): Income => {
  if (income === undefined) throw new RangeError('only who has an income can have a wrong one');
  return income;
};

export const spoilTaxpayer = {
  status: ({ taxes }: Records): Spot[] =>
    ofTaxpayers(taxes, (taxpayer) => {
      taxpayer.status = '9';
    }),
  amount: ({ taxes }: Records): Spot[] =>
    ofTaxpayers(
      taxes.filter(({ incomes }) => incomes.length > 0),
      (taxpayer) => {
        newestOf(taxpayer).amount = `-${newestOf(taxpayer).amount}`;
      },
    ),
  /** К and Т are Cyrillic. */
  currency: ({ taxes }: Records): Spot[] =>
    ofTaxpayers(
      taxes.filter(({ incomes }) => incomes.length > 0),
      (taxpayer) => {
        newestOf(taxpayer).currency = 'КZТ';
      },
    ),
  /** An income of the two last months. */
  afterDeath: ({ persons, taxes, organisations }: Records): Spot[] => {
    const dead = new Set(persons.filter(({ lifeStatus }) => lifeStatus === 'DECEASED').map(({ iin }) => iin));
    const [employer] = organisations.companies;
    if (employer === undefined) throw new RangeError('a country needs companies');
    return ofTaxpayers(
      taxes.filter(({ iin }) => dead.has(iin)),
      (taxpayer) => {
        const incomes = fullMonthsBefore(FACT_DATE, 2).map((month) => ({
          month,
          amount: '150000.00',
          currency: 'KZT',
          employer,
        }));
        taxpayer.incomes = [
          ...incomes,
          ...taxpayer.incomes.filter(({ month }) => incomes.every((income) => income.month !== month)),
        ];
      },
    );
  },
};
