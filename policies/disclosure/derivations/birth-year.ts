import { civilDate } from '../civil-date.js';
import type { Derive } from '../port.js';

/** Returns the year of birth, from `birthDate`; null when the register gives no existing date. */
export const birthYear: Derive = ({ birthDate }) => {
  const date = civilDate(birthDate);
  return date === undefined ? null : Number(date.slice(0, 4));
};
