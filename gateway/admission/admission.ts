import type { Claimant } from '../../schemas/fair-share.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Caller } from '../../schemas/vocabulary.js';
import type { SystemConfig } from '../config/parts/authentication.js';
import { BeyondRate } from './beyond-rate.js';
import type { CallerRates } from './rates.js';

/** What each known caller may take of the gateway. */
export interface Admission {
  /**
   * Counts a request of this caller.
   *
   * @throws Refusal `RATE_LIMITED` if the caller is beyond its rate.
   */
  assertWithinRate(caller: Caller): void;
  /**
   * Looks whether a request of this caller would be within its rate, and counts nothing: who asks may not have proven
   * yet that the caller's token is theirs.
   *
   * @throws Refusal `RATE_LIMITED` if the caller is beyond its rate.
   */
  assertMayAsk(caller: Caller): void;
  /**
   * Counts a request once more, because it was refused for a fault of the caller, and again for every five people
   * that its entry names. Each such refusal is an entry of its own, which grows with its people: so a caller who is
   * always refused fills the log at a bounded rate.
   */
  chargeRefusal(caller: Caller, people: number): void;
  /** Returns the party that the work of this caller counts for where capacity is shared. */
  claimantOf(caller: Caller): Claimant;
}

/**
 * How many people of a refusal's entry count like one more request. With its indexes an entry about one person takes
 * 1.4 kB of the log, one about thirty 9 kB (`ONLY='refused questions' npm run bench:crowd`). So 50 requests a second,
 * all refused, add at most about 4 MB a minute.
 */
const PEOPLE_OF_A_REQUEST = 5;

type Limits = Pick<SystemConfig, 'client_id' | 'agency' | 'requests_per_second' | 'burst' | 'weight'>;

/**
 * Admits callers as their systems are registered. At a system where citizens sign in, the rate is that
 * of each citizen, so that one of them does not shut out the others; they share the system's capacity.
 */
export function createAdmission(systems: readonly Limits[], rates: CallerRates): Admission {
  const limits = new Map(systems.map((system) => [keyOf(system.client_id, system.agency), system]));
  const limitsOf = (caller: Caller): Limits => {
    const found = limits.get(callerKey(caller));
    if (found === undefined) throw new Refusal('CALLER_NOT_REGISTERED');
    return found;
  };
  return {
    assertWithinRate(caller) {
      const { requests_per_second: perSecond, burst } = limitsOf(caller);
      const { waitMs } = rates.take(partyKey(caller), { perSecond, burst });
      if (waitMs > 0) throw new BeyondRate(caller, waitMs);
    },
    assertMayAsk(caller) {
      const { requests_per_second: perSecond, burst } = limitsOf(caller);
      const waitMs = rates.waitOf(partyKey(caller), { perSecond, burst });
      if (waitMs > 0) throw new BeyondRate(caller, waitMs);
    },
    chargeRefusal(caller, people) {
      const { requests_per_second: perSecond, burst } = limitsOf(caller);
      rates.charge(partyKey(caller), { perSecond, burst }, 1 + Math.floor(people / PEOPLE_OF_A_REQUEST));
    },
    claimantOf(caller) {
      const { weight } = limitsOf(caller);
      const claimant = { caller: callerKey(caller), weight };
      return caller.person === undefined ? claimant : { ...claimant, member: rates.idOf(partyKey(caller)) };
    },
  };
}

/** Admits every caller alike, at any rate: for a gateway without callers. */
export const NO_ADMISSION: Admission = {
  assertWithinRate: () => undefined,
  assertMayAsk: () => undefined,
  chargeRefusal: () => undefined,
  claimantOf: ({ system }) => ({ caller: system, weight: 1 }),
};

function callerKey({ system, agency }: Caller): string {
  return keyOf(system, agency?.id);
}

/** Names the party that has a rate: the system, or the citizen who signed in there. */
function partyKey(caller: Caller): string {
  return caller.person === undefined ? callerKey(caller) : `${callerKey(caller)} ${caller.person}`;
}

function keyOf(system: string, agency = ''): string {
  return `${agency} ${system}`;
}
