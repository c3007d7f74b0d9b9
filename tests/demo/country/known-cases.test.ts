import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateCountry } from '../../../demo/country/country.js';
import { knownCases } from '../../../demo/country/known-cases.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { isIin } from '../../../schemas/identifiers/iin.js';

describe('the known cases', () => {
  const country = generateCountry();
  const cases = knownCases(country);
  const byWhat = (what: string): string => cases.find((one) => one.what.includes(what))?.iin ?? '';

  it('are there, each with someone of the country', () => {
    const numbers = new Set(country.persons.map(({ iin }) => iin));
    for (const { what, iin } of cases) expect(isIin(iin) && numbers.has(iin), what).to.equal(true);
  });

  it('are what they say', () => {
    expect(byWhat('leap day').slice(2, 6)).to.equal('0229');
    expect(country.persons.find(({ iin }) => iin === byWhat('patronymic'))?.middleName).to.equal(null);
    expect(country.civilActs.filter(({ adoption }) => adoption !== null).map(({ iin }) => iin)).to.deep.equal([
      byWhat('adopted'),
    ]);
    const flat = country.property.buildings.find(({ owner }) => owner === byWhat('owners of a flat'));
    expect(
      country.property.buildings.filter(({ cadastralNumber }) => cadastralNumber === flat?.cadastralNumber),
    ).to.have.length(2);
    const child = country.persons.find(({ iin }) => iin === byWhat('different addresses'));
    const homes = child?.parentsIins.map(
      (parent) => country.addresses.find(({ iin }) => iin === parent)?.current?.dwelling.code,
    );
    expect(new Set(homes).size).to.equal(2);
  });

  it('stand in the README', () => {
    const text = readFileSync(join(packageRoot(), 'demo', 'README.md'), 'utf8');
    expect(text.match(/^\| [^|]+ \| \d{12} \|$/gm)).to.deep.equal(cases.map(({ what, iin }) => `| ${what} | ${iin} |`));
  });
});
