import { civilDate } from '../civil-date.js';
import type { Derive } from '../port.js';

/** Year of birth, from `birthDate`; null when the register gives no date that exists. */
export const birthYear: Derive = ({ birthDate }) => {
  const date = civilDate(birthDate);
  return date === undefined ? null : Number(date.slice(0, 4));
};
