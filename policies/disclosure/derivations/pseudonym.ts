import type { Pseudonyms } from '../../../schemas/ports/pseudonyms.js';
import type { Derive } from '../port.js';

/** What stands for the person towards this receiver in this case, from `iin`. */
export function pseudonymOf(pseudonyms: Pseudonyms): Derive {
  return ({ iin }, { receiver, caseNumber }) =>
    typeof iin === 'string' && iin !== '' ? pseudonyms.pseudonym(iin, receiver, caseNumber) : null;
}
