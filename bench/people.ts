import { checkDigit } from '../schemas/identifiers/iin.js';

/** Returns numbers of people that the registers of a measurement make up. */
export function people(): readonly string[] {
  return Array.from({ length: 100 }, (_, number) => `9001013${String(number).padStart(4, '0')}`).flatMap((eleven) => {
    const digit = checkDigit(eleven);
    return digit === undefined ? [] : [`${eleven}${digit}`];
  });
}
