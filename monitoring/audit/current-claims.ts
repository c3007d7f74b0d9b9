import type { ConsentClaim } from '../../schemas/vocabulary.js';

/** Something that may rely on consents. */
interface Claiming {
  readonly claims: readonly ConsentClaim[];
}

/** All claims of a batch, each once. */
export function distinctClaims(items: readonly Claiming[]): readonly ConsentClaim[] {
  return [...new Map(items.flatMap(({ claims }) => claims.map((claim) => [keyOf(claim), claim] as const))).values()];
}

/** For one item, those of its claims that are among the stale. */
export function staleOf(stale: readonly ConsentClaim[]): (item: Claiming) => readonly ConsentClaim[] {
  const keys = new Set(stale.map(keyOf));
  return ({ claims }) => (keys.size === 0 ? [] : claims.filter((claim) => keys.has(keyOf(claim))));
}

const keyOf = ({ consentId, revision }: ConsentClaim): string => `${consentId}@${revision}`;
