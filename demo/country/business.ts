import { ageOn, dateBetween, FACT_DATE } from './calendar.js';
import type { BusinessRecord, Person, RegisteredOrganisation } from './model.js';
import type { Organisations } from './organisations.js';
import { OFFICIAL } from './people.js';
import type { SeededRandom } from './random.js';

const SHARES: readonly (readonly string[])[] = [['1/1'], ['1/2', '1/2'], ['1/3', '2/3'], ['1/4', '1/4', '1/2']];
const LIQUIDATED = 0.12;

/** Who directs and who owns the country's companies, by person: everyone has a record, most an empty one. */
export function registerBusiness(
  persons: readonly Person[],
  named: ReadonlySet<string>,
  { companies }: Organisations,
  random: SeededRandom,
): BusinessRecord[] {
  const records = new Map(
    persons.map(({ iin }): [string, BusinessRecord] => [iin, { iin, directorships: [], ownerships: [] }]),
  );
  const adults = persons.filter(
    ({ iin, lifeStatus, birthDate }) => lifeStatus === 'ALIVE' && !named.has(iin) && ageOn(birthDate, FACT_DATE) >= 25,
  );
  companies.forEach((company, position) => {
    const registeredOn = dateBetween(random, '2008-01-10', '2024-06-30');
    const liquidatedOn = random.chance(LIQUIDATED) ? dateBetween(random, '2024-09-01', FACT_DATE) : null;
    const organisation = (): RegisteredOrganisation => ({
      ...company,
      status: liquidatedOn === null ? 'ACTIVE' : 'LIQUIDATED',
      registeredOn,
    });
    const shares = position === 0 ? (SHARES[1] ?? []) : random.pick(SHARES);
    const owners = random.sample(adults, shares.length).map(({ iin }) => iin);
    // The official owns half of the first company, which is what a check of declarations is there to find.
    if (position === 0) owners[0] = OFFICIAL.iin;
    owners.forEach((iin, place) =>
      records
        .get(iin)
        ?.ownerships.push({ organisation: organisation(), share: shares[place] ?? '1/1', since: registeredOn }),
    );
    const director = random.chance(0.5) ? owners.at(-1) : random.pick(adults).iin;
    records.get(director ?? '')?.directorships.push({
      organisation: organisation(),
      role: 'DIRECTOR',
      since: registeredOn,
      until: liquidatedOn,
    });
    for (const { iin } of random.sample(adults, random.integer(0, 3))) {
      records.get(iin)?.directorships.push({
        organisation: organisation(),
        role: 'BOARD_MEMBER',
        since: dateBetween(random, registeredOn, liquidatedOn ?? FACT_DATE),
        until: liquidatedOn,
      });
    }
  });
  return [...records.values()];
}
