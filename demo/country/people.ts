import type { Culture, Sex } from './model.js';
import { iinOf } from './numbers.js';

/** The people that the printed commands, the documentation and the tests name. Their numbers are the same in every country. */

export interface Character {
  readonly iin: string;
  readonly birthDate: string;
  readonly sex: Sex;
  readonly culture: Culture;
  /** Family name in the men's form. */
  readonly surname: string;
  readonly firstName: string;
  readonly fatherName: string;
}

/** A family that lives together; the applicant (or the person on the list) is one of the couple. */
export interface Family {
  readonly caseNumber: string;
  readonly applicant: Character;
  readonly husband: Character;
  readonly wife: Character;
  readonly children: readonly Character[];
  /** The husband's mother, who lives with them. */
  readonly grandmother?: Character;
}

function character(
  culture: Culture,
  sex: Sex,
  birthDate: string,
  serial: number,
  surname: string,
  firstName: string,
  fatherName: string,
): Character {
  const iin = iinOf(birthDate, sex, serial);
  if (iin === undefined) throw new RangeError(`serial ${serial} is never issued for ${birthDate}`);
  return { iin, birthDate, sex, culture, surname, firstName, fatherName };
}

const kazakh = character.bind(undefined, 'kazakh');
const russian = character.bind(undefined, 'russian');

/** HQ-2026-000101: clean records; he and his wife own property, and so does their daughter. */
export const HOUSING_FAMILY: Family = family('HQ-2026-000101', 'husband', {
  husband: kazakh('M', '1988-05-14', 9101, 'Серікбаев', 'Нұрлан', 'Ербол'),
  wife: kazakh('F', '1990-09-03', 9102, 'Оспанов', 'Айгүл', 'Мұрат'),
  children: [
    kazakh('M', '2014-04-21', 9103, 'Серікбаев', 'Дамир', 'Нұрлан'),
    kazakh('F', '2019-11-08', 9104, 'Серікбаев', 'Аружан', 'Нұрлан'),
  ],
});

/** HQ-2026-000102: a second family in the queue, to be asked about beside the first. */
export const SECOND_HOUSING_FAMILY: Family = family('HQ-2026-000102', 'wife', {
  husband: russian('M', '1984-02-17', 9111, 'Петров', 'Андрей', 'Виктор'),
  wife: russian('F', '1986-07-29', 9112, 'Соколов', 'Ольга', 'Сергей'),
  children: [russian('M', '2012-12-01', 9113, 'Петров', 'Илья', 'Андрей')],
});

/** HQ-2026-000103: the wife's record is flagged (a Latin letter in her name), the younger child's rejected (a life status that is no code). */
export const SHOWCASE_FAMILY: Family = family('HQ-2026-000103', 'husband', {
  husband: kazakh('M', '1985-10-30', 9121, 'Жұмабеков', 'Асқар', 'Болат'),
  wife: kazakh('F', '1987-03-12', 9122, 'Есенов', 'Динара', 'Қайрат'),
  children: [
    kazakh('F', '2011-06-18', 9123, 'Жұмабеков', 'Камила', 'Асқар'),
    kazakh('M', '2016-01-25', 9124, 'Жұмабеков', 'Мирас', 'Асқар'),
  ],
});

/** PS-2026-000201: on the list for proactive support; three generations under one roof. */
export const SUPPORTED_FAMILY: Family = family('PS-2026-000201', 'wife', {
  husband: kazakh('M', '1991-08-19', 9201, 'Ахметов', 'Ержан', 'Талғат'),
  wife: kazakh('F', '1993-01-22', 9202, 'Қасымов', 'Гүлнар', 'Серік'),
  children: [
    kazakh('M', '2016-09-05', 9203, 'Ахметов', 'Алдияр', 'Ержан'),
    kazakh('F', '2020-03-16', 9204, 'Ахметов', 'Айзере', 'Ержан'),
    kazakh('M', '2024-10-11', 9205, 'Ахметов', 'Санжар', 'Ержан'),
  ],
  grandmother: kazakh('F', '1958-04-02', 9206, 'Ибраимов', 'Роза', 'Марат'),
});

/** AP-2026-000301: she wrote the appeal that the AI service helps to answer. */
export const APPEAL_FAMILY: Family = family('AP-2026-000301', 'wife', {
  husband: kazakh('M', '1976-12-09', 9301, 'Садықов', 'Марат', 'Бауыржан'),
  wife: kazakh('F', '1979-02-27', 9302, 'Рахимов', 'Сәуле', 'Дәурен'),
  children: [kazakh('F', '2004-05-06', 9303, 'Садықов', 'Мәдина', 'Марат')],
});

export const FAMILIES: readonly Family[] = [
  HOUSING_FAMILY,
  SECOND_HOUSING_FAMILY,
  SHOWCASE_FAMILY,
  SUPPORTED_FAMILY,
  APPEAL_FAMILY,
];

/** On the list of those who must declare income, property and companies; he works for an agency, and also earns elsewhere. */
export const OFFICIAL: Character = SECOND_HOUSING_FAMILY.husband;

/** BA-2026-000401: the child with a case for an allowance, the youngest of the supported family. */
export const NEWBORN: Character = SUPPORTED_FAMILY.children[2] ?? SUPPORTED_FAMILY.wife;

/** A minor with an income. */
export const WORKING_MINOR: Character = SHOWCASE_FAMILY.children[0] ?? SHOWCASE_FAMILY.wife;

/** A well-formed number that no one has. */
export const UNKNOWN_NUMBER = kazakh('M', '1990-01-01', 9999, '', '', '').iin;

export function membersOf(household: Family): readonly Character[] {
  const { husband, wife, children, grandmother } = household;
  return grandmother === undefined ? [husband, wife, ...children] : [husband, wife, ...children, grandmother];
}

function family(
  caseNumber: string,
  applicant: 'husband' | 'wife',
  members: Omit<Family, 'caseNumber' | 'applicant'>,
): Family {
  return { caseNumber, applicant: members[applicant], ...members };
}
