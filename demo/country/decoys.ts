import { iinOf } from './numbers.js';

/** Dates of birth of these numbers: of adults and of minors. */
const BIRTH_DATES = [
  ...[1968, 1974, 1979, 1983, 1986, 1989, 1992, 1996].map((year) => `${year}-02-03`),
  ...[2010, 2013, 2015, 2017, 2019, 2020, 2022, 2024].map((year) => `${year}-02-03`),
];

/** Numbers that are never issued: registers are asked about them in the place of protected people. */
export const DECOYS: readonly string[] = BIRTH_DATES.map((birthDate, position) => {
  const sex = position % 2 === 0 ? 'F' : 'M';
  for (let serial = 9970; serial > 9900; serial -= 1) {
    const number = iinOf(birthDate, sex, serial);
    if (number !== undefined) return number;
  }
  throw new RangeError(`no number can be made for ${birthDate}`);
});
