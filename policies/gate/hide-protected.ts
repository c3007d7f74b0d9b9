import type { GateAnswer } from '../../schemas/ports/gate.js';

/**
 * Returns the answer about a protected person. What was granted, on any basis, becomes absent. What was
 * withheld stays withheld, so that a caller without a basis gets the same answer about every person.
 */
export function hideProtected({ granted, withheld }: GateAnswer): GateAnswer {
  return granted.size === 0 ? { granted, withheld } : { granted: new Map(), withheld, absent: new Set(granted.keys()) };
}
