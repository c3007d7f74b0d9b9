import type { Caller } from '../../schemas/vocabulary.js';
import { ADULT } from './people.js';

const agency = (id: string): NonNullable<Caller['agency']> => ({ id, bin: '000000000000' });
const assurance = 'none';

/** The parties of the tests, under the names that the decision tables use. */
export const PARTIES = {
  housing: { agency: agency('housing'), system: 'housing', kind: 'system', assurance },
  'housing-ai': { agency: agency('housing'), system: 'housing-ai', kind: 'ai', assurance },
  'housing-officer': { agency: agency('housing'), system: 'housing', kind: 'officer', officer: 'o-1', assurance },
  social: { agency: agency('social'), system: 'social', kind: 'system', assurance },
  'social-ai': { agency: agency('social'), system: 'social-ai', kind: 'ai', assurance },
  appeals: { agency: agency('appeals'), system: 'appeals', kind: 'system', assurance },
  'appeals-ai': { agency: agency('appeals'), system: 'appeals-ai', kind: 'ai', assurance },
  integrity: { agency: agency('integrity'), system: 'integrity', kind: 'system', assurance },
  tax: { agency: agency('tax'), system: 'tax', kind: 'system', assurance },
  citizen: { system: 'citizen-window', kind: 'citizen', assurance, person: ADULT },
} as const satisfies Record<string, Caller>;

export type PartyName = keyof typeof PARTIES;
