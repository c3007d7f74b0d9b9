import { checkDigit } from '../schemas/identifiers/iin.js';

/** Returns numbers of people that the registers of a measurement make up. */
export function people(): readonly string[] {
  return numbers('9001013');
}

/** Returns numbers of people that no case of a measurement names. */
export function strangers(): readonly string[] {
  return numbers('8001013');
}

/** Returns whether a number is one of {@link strangers}. */
export function isStranger(iin: string): boolean {
  return iin.startsWith('8001013');
}

function numbers(beginning: string): readonly string[] {
  return Array.from({ length: 100 }, (_, number) => `${beginning}${String(number).padStart(4, '0')}`).flatMap(
    (eleven) => {
      const digit = checkDigit(eleven);
      return digit === undefined ? [] : [`${eleven}${digit}`];
    },
  );
}
