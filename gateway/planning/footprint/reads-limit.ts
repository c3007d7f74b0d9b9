import { Refusal } from '../../../schemas/refusal.js';
import type { FootprintEntry } from '../plan.js';

/** The most bytes that everything a plan reads may take in an entry. An entry has room for little more. */
export const MAX_READS_BYTES = 32_768;

/** Refuses a plan that reads more than the entry of its intent has room for. */
export function assertLoggable(footprint: readonly FootprintEntry[]): void {
  if (footprint.length === 0) return;
  const reads = footprint.map(({ register, coordinate, category, access }) => ({
    register,
    coordinate,
    category,
    access,
  }));
  if (Buffer.byteLength(JSON.stringify(reads)) > MAX_READS_BYTES)
    throw new Refusal('QUERY_TOO_COMPLEX', { reasons: ['reads'] });
}
