import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ageClassOf } from '../../schemas/identifiers/iin.js';
import { FACT_DATE } from '../../demo/country/calendar.js';
import { generateCountry } from '../../demo/country/country.js';
import { DEFECTS, type DefectId } from '../../demo/country/defects.js';
import { FAMILIES, OFFICIAL, WORKING_MINOR } from '../../demo/country/people.js';
import { FAULT_MODES } from '../../demo/registers/fault.js';
import { packageRoot } from '../../gateway/state/package-root.js';

describe('the demo’s README', () => {
  const text = readFileSync(join(packageRoot(), 'demo', 'README.md'), 'utf8');
  const country = generateCountry();

  it('lists every defect with its rate and number, and no other', () => {
    const rows = (Object.keys(DEFECTS) as DefectId[]).map((id) => {
      const { register, meaning, rate, of } = DEFECTS[id];
      return `| \`${id}\` | ${register} | ${meaning} | ${rate * 100} % of ${of} | ${country.defects[id].length} |`;
    });
    expect(text.match(/^\| `[a-z_]+` \| [a-z-]+ \| [^|]+ \| [0-9.]+ %.*$/gm)).to.deep.equal(rows);
  });

  it('counts what the country holds', () => {
    const { persons, dwellings, property, taxes } = country;
    expect(text).to.include(
      `${persons.filter(({ iin }) => ageClassOf(iin, FACT_DATE) === 'minor').length} of them minors, ${persons.filter(({ lifeStatus }) => lifeStatus === 'DECEASED').length} dead`,
    );
    expect(text).to.include(
      `${dwellings.length} dwellings in ${new Set(dwellings.map(({ place }) => place.region)).size} regions`,
    );
    expect(text).to.include(
      `${property.lands.length} rights to land, ${property.buildings.length} to buildings, ${property.vehicles.length} vehicles`,
    );
    expect(text).to.include(
      `${taxes.length} taxpayers, ${taxes.filter(({ incomes }) => incomes.length > 0).length} of them with an income`,
    );
    for (const { iin } of [OFFICIAL, WORKING_MINOR]) expect(text).to.include(iin);
  });

  it('names the families and the ways to misbehave', () => {
    for (const { caseNumber, applicant } of FAMILIES)
      expect(text).to.include(`\`${caseNumber}\``).and.to.include(applicant.iin);
    for (const mode of FAULT_MODES) expect(text).to.include(`| \`${mode}\` |`);
  });
});
