import { createHmac } from 'node:crypto';
import { ageClassOf } from '../../schemas/identifiers/iin.js';

/** Returns the number that registers are asked about in the place of a protected person, or undefined if there is none. */
export type DecoyFor = (subject: string, present: Iterable<string>) => string | undefined;

export interface DecoyOptions {
  /** Numbers that were never issued to anyone. */
  readonly decoys: readonly string[];
  /** Secret of the installation. */
  readonly secret: Uint8Array;
  /** Civil date of fact time, `YYYY-MM-DD`. */
  readonly factDate: string;
}

/**
 * Returns what gives each protected person of one request a number that was never issued, so that registers are asked
 * like for a number that no one has. A person keeps the number to the end of the request. It has the age class of the
 * person where the list has such a number. Two people have the same one only if there are fewer numbers than people;
 * a number that is `present` in the request already is the last choice. No clock or chance decides, and without the
 * secret no one can tell which number is used for a person.
 */
export function createDecoys({ decoys, secret, factDate }: DecoyOptions): DecoyFor {
  const given = new Map<string, string>();
  return (subject, present) => {
    const known = given.get(subject);
    if (known !== undefined) return known;
    const taken = new Set([...given.values(), ...present]);
    const age = ageClassOf(subject, factDate);
    const alike = decoys.filter((decoy) => ageClassOf(decoy, factDate) === age);
    const others = decoys.filter((decoy) => !alike.includes(decoy));
    const start = createHmac('sha256', secret).update('decoy').update(subject).digest().readUInt32BE();
    const ordered = [...from(alike, start), ...from(others, start)];
    const decoy = ordered.find((one) => !taken.has(one)) ?? ordered[0];
    if (decoy !== undefined) given.set(subject, decoy);
    return decoy;
  };
}

function from(decoys: readonly string[], start: number): readonly string[] {
  const first = decoys.length === 0 ? 0 : start % decoys.length;
  return [...decoys.slice(first), ...decoys.slice(0, first)];
}
