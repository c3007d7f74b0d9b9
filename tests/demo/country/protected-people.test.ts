import { expect } from 'chai';
import { generateCountry } from '../../../demo/country/country.js';
import { addressLine } from '../../../demo/country/places.js';
import { knownCases } from '../../../demo/country/known-cases.js';

describe('the protected people of the country', () => {
  const country = generateCountry();

  it('are one parent of a child with a case for an allowance, who lives apart from the other', () => {
    const [mother, ...others] = country.protectedPeople;
    expect(others).to.deep.equal([]);
    const children = country.persons.filter(({ parentsIins }) => parentsIins.includes(mother ?? ''));
    const child = children.find(({ iin }) =>
      country.cases.some(({ purpose, subject }) => purpose === 'birth_allowance' && subject === iin),
    );
    expect(child?.parentsIins).to.have.length(2);
    expect(child?.iin).to.equal(knownCases(country).find(({ what }) => what.includes('protected'))?.iin);
    const home = (wanted: string | undefined): string | undefined =>
      country.addresses.find(({ iin }) => iin === wanted)?.current?.dwelling.code;
    expect(new Set(child?.parentsIins.map(home)).size).to.equal(2);
  });

  it('have a home that the list knows by the codes of both registers that tell it, and only this home', () => {
    const [mother = ''] = country.protectedPeople;
    const home = country.addresses.find(({ iin }) => iin === mother)?.current?.dwelling ?? expect.fail('no home');
    const owned = country.property.buildings.filter(({ address }) => address === addressLine(home));
    expect(owned).to.have.length.above(0);
    expect(country.protectedDwellings).to.have.members([
      home.code,
      ...owned.map(({ cadastralNumber }) => cadastralNumber),
    ]);
    const children = country.persons.filter(({ parentsIins }) => parentsIins.includes(mother));
    expect(
      country.addresses.filter(({ current }) => current?.dwelling.code === home.code).map(({ iin }) => iin),
    ).to.have.members([mother, ...children.map(({ iin }) => iin)]);
  });

  it('have no known defect', () => {
    const spoilt = Object.values(country.defects).flat();
    for (const iin of country.protectedPeople) expect(spoilt).to.not.include(iin);
  });
});
