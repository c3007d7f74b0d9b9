import { expect } from 'chai';
import { birthDateOf, sexOf } from '../../../schemas/identifiers/iin.js';
import { isBin } from '../../../schemas/identifiers/bin.js';
import type { Directorship } from '../../../demo/country/model.js';
import { generateCountry } from '../../../demo/country/country.js';
import { DEFECTS, type DefectId } from '../../../demo/country/defects.js';
import { FAMILIES, membersOf, SHOWCASE_FAMILY } from '../../../demo/country/people.js';

const isOfNothing = ({ organisation, until }: Directorship): boolean =>
  organisation.status === 'LIQUIDATED' && until === null;

describe('the known defects', () => {
  const country = generateCountry();
  const { persons, civilActs, addresses, property, taxes, business, defects } = country;
  const earners = taxes.filter(({ incomes }) => incomes.length > 0);
  const iins = <T extends { readonly iin: string }>(records: readonly T[]): string[] =>
    records.map(({ iin }) => iin).sort();
  const owners = <T extends { readonly owner: string }>(records: readonly T[]): string[] =>
    records.map(({ owner }) => owner).sort();
  const realDate = (date: string): boolean => new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) === date;
  const deathOf = new Map(
    persons.flatMap(({ iin, deathDate }) => (deathDate === null ? [] : [[iin, deathDate] as const])),
  );
  /** Those who would have an income without that defect, too. */
  const beforeDeath = (taxpayers: typeof earners): typeof earners =>
    taxpayers.filter(({ iin, incomes }) =>
      incomes.some(({ month }) => month <= (deathOf.get(iin) ?? '9999').slice(0, 7)),
    );

  /** Found in the records themselves, without looking at the list: the records in which it is, and how many could have it. */
  const found: Record<DefectId, readonly [affected: string[], base: number]> = {
    stale_record: [iins(persons.filter(({ recordUpdatedAt }) => recordUpdatedAt < '2025')), persons.length],
    birth_date_contradicts_iin: [
      iins(persons.filter(({ iin, birthDate }) => birthDateOf(iin) !== birthDate)),
      persons.length,
    ],
    sex_contradicts_iin: [iins(persons.filter(({ iin, sex }) => sexOf(iin) !== sex)), persons.length],
    unknown_life_status: [
      iins(persons.filter(({ lifeStatus }) => !/^(?:ALIVE|DECEASED)$/.test(lifeStatus))),
      persons.filter(({ lifeStatus }) => lifeStatus !== 'DECEASED').length,
    ],
    missing_document_number: [
      iins(persons.filter(({ documents }) => documents.some(({ number }) => number === null))),
      persons.length,
    ],
    expired_before_issued: [
      iins(
        persons.filter(({ documents }) =>
          documents.some(({ issuedOn, expiresOn }) => expiresOn !== null && expiresOn < issuedOn),
        ),
      ),
      persons.filter(({ documents }) => documents.some(({ type }) => type !== 'BIRTH_CERTIFICATE')).length,
    ],
    latin_look_alike: [iins(persons.filter(({ lastName }) => /[A-Za-z]/.test(lastName))), persons.length],
    deceased_without_death_date: [
      iins(persons.filter(({ lifeStatus, deathDate }) => lifeStatus === 'DECEASED' && deathDate === null)),
      persons.filter(({ lifeStatus }) => lifeStatus === 'DECEASED').length,
    ],
    kato_too_short: [
      iins(addresses.filter(({ current }) => current?.kato.length === 8)),
      addresses.filter(({ current }) => current !== null).length,
    ],
    deregistered_before_registered: [
      iins(
        addresses.filter(({ former }) =>
          former.some(({ registeredOn, deregisteredOn }) => (deregisteredOn ?? '9999') < registeredOn),
        ),
      ),
      addresses.filter(({ former }) => former.length > 0).length,
    ],
    cadastral_number_too_short: [
      owners(property.lands.filter(({ cadastralNumber }) => cadastralNumber.length !== 12)),
      property.lands.length,
    ],
    plot_without_area: [owners(property.lands.filter(({ area }) => Number(area) === 0)), property.lands.length],
    share_above_whole: [
      owners(property.buildings.filter(({ share }) => !/^1\/[12]$/.test(share))),
      property.buildings.length,
    ],
    unknown_building_kind: [
      owners(property.buildings.filter(({ kind }) => !/^[KDN]$/.test(kind))),
      property.buildings.length,
    ],
    impossible_registration_date: [
      owners(property.vehicles.filter(({ registeredOn }) => !realDate(registeredOn))),
      property.vehicles.length,
    ],
    act_without_number: [iins(civilActs.filter(({ birth }) => birth?.number === null)), civilActs.length],
    act_before_birth: [
      iins(civilActs.filter(({ birth }) => birth !== null && birth.registeredOn < birth.bornOn)),
      civilActs.length,
    ],
    cyrillic_custody_code: [
      iins(civilActs.filter(({ custody }) => custody.some(({ kind }) => /[^A-Z]/.test(kind)))),
      civilActs.filter(({ custody }) => custody.length > 0).length,
    ],
    wrong_bin: [
      iins(business.filter(({ directorships }) => directorships.some(({ organisation }) => !isBin(organisation.bin)))),
      business.filter(({ directorships }) => directorships.length > 0).length,
    ],
    cyrillic_status: [
      iins(
        business.filter(({ ownerships }) => ownerships.some(({ organisation }) => /[^A-Z]/.test(organisation.status))),
      ),
      business.filter(({ ownerships }) => ownerships.length > 0).length,
    ],
    director_of_nothing: [
      iins(business.filter(({ directorships }) => directorships.some(isOfNothing))),
      business.filter(({ directorships }) => directorships.some((one) => one.until !== null || isOfNothing(one)))
        .length,
    ],
    surname_differs: [
      iins(
        civilActs.filter(
          ({ iin, birth }) =>
            typeof birth?.surname === 'string' &&
            birth.surname !== persons.find((person) => person.iin === iin)?.lastName &&
            !defects.latin_look_alike.includes(iin),
        ),
      ),
      civilActs.filter(({ birth }) => typeof birth?.surname === 'string').length,
    ],
    vehicle_from_the_future: [owners(property.vehicles.filter(({ year }) => year > 2026)), property.vehicles.length],
    unknown_taxpayer_status: [
      iins(taxes.filter(({ status }) => !/^(?:ACTIVE|SUSPENDED|DEREGISTERED)$/.test(status))),
      taxes.length,
    ],
    negative_income: [
      iins(taxes.filter(({ incomes }) => incomes.some(({ amount }) => amount.startsWith('-')))),
      beforeDeath(earners).length,
    ],
    cyrillic_look_alike: [
      iins(taxes.filter(({ incomes }) => incomes.some(({ currency }) => currency !== 'KZT'))),
      beforeDeath(earners).length,
    ],
    income_after_death: [
      iins(
        taxes.filter(({ iin, incomes }) =>
          incomes.some(({ month }) => month > (deathOf.get(iin) ?? '9999').slice(0, 7)),
        ),
      ),
      taxes.filter(({ iin }) => deathOf.has(iin)).length,
    ],
  };

  for (const id of Object.keys(DEFECTS) as DefectId[]) {
    it(`${id}: in the records it is listed for, at its rate`, () => {
      const [affected, base] = found[id];
      expect(affected).to.deep.equal([...defects[id]].sort());
      expect(affected).to.have.length(Math.max(1, Math.round(base * DEFECTS[id].rate)));
    });
  }

  it('never meets another in one person', () => {
    const all = Object.values(defects).flat();
    expect(new Set(all).size).to.equal(all.length);
  });

  it('spares the named people, but for those who show one', () => {
    const named = new Set(FAMILIES.flatMap(membersOf).map(({ iin }) => iin));
    const affected = Object.values(defects)
      .flat()
      .filter((iin) => named.has(iin));
    expect(affected).to.have.members([SHOWCASE_FAMILY.wife.iin, SHOWCASE_FAMILY.children[1]?.iin]);
  });
});
