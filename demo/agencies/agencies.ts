import type { Country } from '../country/country.js';
import type { HttpRegister } from '../registers/http-register.js';
import type { Meter } from '../registers/meter.js';
import { caseSystems, type AgencyTokens } from './case-systems.js';
import { PROTECTION_PATH, protectionList } from './protection-list.js';

interface Tokens {
  readonly agencyTokens: AgencyTokens;
  readonly protectionToken: string;
}

/** The agencies' case systems and the list of protected people, at one address. */
export function agencies(
  { cases, protectedPeople, protectedDwellings }: Pick<Country, 'cases' | 'protectedPeople' | 'protectedDwellings'>,
  { agencyTokens, protectionToken }: Tokens,
  meter: Meter,
): HttpRegister {
  const facts = caseSystems(cases, agencyTokens, meter);
  const protection = protectionList({ protectedPeople, protectedDwellings }, protectionToken, meter);
  return (request) => (request.path === PROTECTION_PATH ? protection(request) : facts(request));
}
