import type { AddressRecord, BuildingRight } from './model.js';
import { addressLine } from './places.js';

/**
 * Returns the homes of these people, by every code that a register has for them: the code of the address register, and
 * the cadastral numbers under which the property register holds a right to the same address.
 */
export function protectedDwellings(
  people: readonly string[],
  addresses: readonly AddressRecord[],
  buildings: readonly BuildingRight[],
): readonly string[] {
  const homes = addresses.flatMap(({ iin, current }) => (people.includes(iin) && current ? [current.dwelling] : []));
  const lines = new Set(homes.map(addressLine));
  const numbers = buildings.filter(({ address }) => lines.has(address)).map(({ cadastralNumber }) => cadastralNumber);
  return [...new Set([...homes.map(({ code }) => code), ...numbers])];
}
