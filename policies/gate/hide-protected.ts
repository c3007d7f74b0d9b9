import type { GateAnswer } from '../../schemas/ports/gate.js';

/**
 * The answer about a protected person: whatever was granted is absent, on whatever basis; whatever
 * was withheld stays as it was, so that a caller without a basis is told the same of everybody.
 */
export function hideProtected({ granted, withheld }: GateAnswer): GateAnswer {
  return granted.size === 0 ? { granted, withheld } : { granted: new Map(), withheld, absent: new Set(granted.keys()) };
}
