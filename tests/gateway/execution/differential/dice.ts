import { createHash } from 'node:crypto';

/** A number below `below` that depends on nothing but what is given. */
export function dice(below: number, ...of: readonly (string | number)[]): number {
  return createHash('sha256').update(of.join('/')).digest().readUInt32BE(0) % below;
}
