import type { ConsentClaim } from '../../../schemas/vocabulary.js';

/** An item that may rely on consents. */
interface Claiming {
  readonly claims: readonly ConsentClaim[];
}

/** Returns all claims of a batch, each once. */
export function distinctClaims(items: readonly Claiming[]): readonly ConsentClaim[] {
  return [...new Map(items.flatMap(({ claims }) => claims.map((claim) => [keyOf(claim), claim] as const))).values()];
}

/** Returns a function that picks from one item's claims those that are stale. */
export function staleOf(stale: readonly ConsentClaim[]): (item: Claiming) => readonly ConsentClaim[] {
  const keys = new Set(stale.map(keyOf));
  return ({ claims }) => (keys.size === 0 ? [] : claims.filter((claim) => keys.has(keyOf(claim))));
}

const keyOf = ({ consentId, revision }: ConsentClaim): string => `${consentId}@${revision}`;
