import type { GateAnswer } from '../../schemas/ports/gate.js';
import type { Caller } from '../../schemas/vocabulary.js';

/**
 * Returns the answer about a protected person. What was granted, on any basis, becomes absent, and registers are asked
 * about `decoy` instead. What was withheld stays withheld, so that a caller without a basis gets the same answer about
 * every person.
 */
export function hideProtected({ granted, withheld }: GateAnswer, decoy: () => string | undefined): GateAnswer {
  if (granted.size === 0) return { granted, withheld };
  const standIn = decoy();
  return {
    granted: new Map(),
    withheld,
    absent: new Set(granted.keys()),
    ...(standIn === undefined ? {} : { decoy: standIn }),
  };
}

/** Returns whether the caller is this person, beyond doubt: to themselves protected people are not hidden. */
export function isSurelyOneself({ kind, person, assurance }: Caller, id: string): boolean {
  return kind === 'citizen' && person === id && assurance === 'high';
}
