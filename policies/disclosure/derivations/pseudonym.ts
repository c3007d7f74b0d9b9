import type { Pseudonyms } from '../../../schemas/ports/pseudonyms.js';
import type { Derive } from '../port.js';

/** Returns the derivation of the person's pseudonym for this receiver and case, from `iin`. */
export function pseudonymOf(pseudonyms: Pseudonyms): Derive {
  return ({ iin }, { receiver, caseNumber }) =>
    typeof iin === 'string' && iin !== '' ? pseudonyms.pseudonym(iin, receiver, caseNumber) : null;
}
