import type { Organisation } from './model.js';
import type { NumberIssuer } from './numbers.js';

/** The agencies that ask questions, by their short ids. */
export type AgencyId = 'housing' | 'social' | 'appeals' | 'integrity';

const AGENCY_NAMES: Readonly<Record<AgencyId, string>> = {
  housing: 'Тұрғын үй басқармасы',
  social: 'Әлеуметтік қорғау басқармасы',
  appeals: 'Өтініштерді қарау орталығы',
  integrity: 'Сыбайлас жемқорлыққа қарсы қызмет',
};

const COMPANY_NAMES = [
  'Дала',
  'Самал',
  'Тұлпар',
  'Ақсу',
  'Шаңырақ',
  'Алтын дән',
  'Көктем',
  'Жетіген',
  'Сарыарқа',
  'Баспана',
  'Жібек жолы',
  'Мерей',
];

export interface Organisations {
  readonly agencies: Readonly<Record<AgencyId, Organisation>>;
  readonly companies: readonly Organisation[];
}

export function foundOrganisations(numbers: NumberIssuer): Organisations {
  const agency = (id: AgencyId): Organisation => ({ bin: numbers.bin(), name: AGENCY_NAMES[id] });
  const first = { housing: agency('housing'), social: agency('social'), appeals: agency('appeals') };
  const companies = COMPANY_NAMES.flatMap((name) => [
    { bin: numbers.bin(), name: `«${name}» ЖШС` },
    { bin: numbers.bin(), name: `«${name} Құрылыс» ЖШС` },
  ]);
  return { agencies: { ...first, integrity: agency('integrity') }, companies };
}
