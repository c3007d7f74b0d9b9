import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { loadQuality } from '../../../schemas/quality/load-quality.js';
import { FACT_DATE } from '../../../demo/country/calendar.js';
import { generateCountry } from '../../../demo/country/country.js';
import type { DefectId } from '../../../demo/country/defects.js';
import { sharedContracts } from '../../shared-contracts.js';

/** What the registers' contracts say of each planted defect: an error rejects where it concerns a critical element. */
const EXPECTED: Readonly<
  Record<DefectId, readonly [verdict: 'flagged' | 'rejected', rule: RegExp] | 'no single record shows it'>
> = {
  stale_record: ['flagged', /^population\.Citizen\.recordUpdatedAt#/],
  birth_date_contradicts_iin: ['flagged', /^population\.Citizen.*#birth-date-matches-iin$/],
  sex_contradicts_iin: ['flagged', /^population\.Citizen.*#sex-matches-iin$/],
  unknown_life_status: ['rejected', /^population\.Citizen\.lifeStatus#known-code$/],
  missing_document_number: ['rejected', /^population\.IdentityDocument\.number#/],
  expired_before_issued: ['flagged', /^population\.IdentityDocument.*#after-issue$/],
  latin_look_alike: ['flagged', /^population\.Citizen\.lastName#one-script$/],
  deceased_without_death_date: ['flagged', /^population\.Citizen.*#present-when-deceased$/],
  kato_too_short: ['flagged', /^address\.Registration\.kato#/],
  deregistered_before_registered: ['flagged', /^address\.Registration.*#after-registration$/],
  cadastral_number_too_short: ['rejected', /^property\.Land\.cadastralNumber#/],
  plot_without_area: ['flagged', /^property\.Land\.area#above-zero$/],
  unknown_building_kind: ['flagged', /^property\.Building\.kind#known-code$/],
  share_above_whole: ['flagged', /^property\.Building\.share#at-most-whole$/],
  impossible_registration_date: ['flagged', /^property\.Vehicle\.ownedSince#/],
  vehicle_from_the_future: ['flagged', /^property\.Vehicle\.year#not-after-today$/],
  act_without_number: ['flagged', /^civil-acts\.BirthAct\.number#/],
  act_before_birth: ['flagged', /^civil-acts\.BirthAct\.registeredOn#after-event$/],
  cyrillic_custody_code: ['rejected', /^civil-acts\.Custody\.kind#known-code$/],
  wrong_bin: ['rejected', /^business\.Organisation\.bin#check-digit$/],
  cyrillic_status: ['flagged', /^business\.Organisation\.status#known-code$/],
  director_of_nothing: 'no single record shows it',
  surname_differs: 'no single record shows it',
  unknown_taxpayer_status: ['flagged', /^tax\.Citizen\.taxpayerStatus#known-code$/],
  negative_income: ['rejected', /^tax\.Income\.amount#not-negative$/],
  cyrillic_look_alike: ['rejected', /^tax\.Income\.currency#known-code$/],
  income_after_death: 'no single record shows it',
};

const KINDS: Readonly<Record<string, string>> = { K: 'FLAT', D: 'HOUSE', N: 'COMMERCIAL' };

const quality = await loadQuality(
  join(packageRoot(), 'schemas', 'registers'),
  { factDate: () => FACT_DATE },
  sharedContracts,
);

describe('the country before the registers’ contracts', () => {
  const country = generateCountry();

  /** Every record of the country that the contracts do not pass, by the person that it is about. */
  const faults = new Map<string, string[]>();
  const judge = (register: string, type: string, iin: string, record: Readonly<Record<string, unknown>>): void => {
    const check = quality.prepare(register, type, Object.keys(record));
    if (check === undefined) throw new Error(`no contract for ${type}`);
    const { verdict, findings } = check.check(record);
    if (verdict !== 'pass')
      faults.set(iin, [...(faults.get(iin) ?? []), `${verdict} ${findings.map(({ rule }) => rule).join(' ')}`]);
  };

  before(() => {
    for (const {
      iin,
      documents,
      lastName,
      firstName,
      middleName,
      birthDate,
      sex,
      lifeStatus,
      deathDate,
      recordUpdatedAt,
    } of country.persons) {
      judge('population', 'Citizen', iin, {
        iin,
        lastName,
        firstName,
        middleName,
        birthDate,
        sex,
        lifeStatus,
        deathDate,
        recordUpdatedAt,
      });
      for (const document of documents) judge('population', 'IdentityDocument', iin, { ...document });
    }
    for (const { iin, birth, marriage, death, custody, adoption } of country.civilActs) {
      judge('civil-acts', 'Citizen', iin, { iin });
      if (birth) judge('civil-acts', 'BirthAct', iin, { ...birth });
      if (marriage) judge('civil-acts', 'MarriageAct', iin, { ...marriage });
      if (death) judge('civil-acts', 'DeathAct', iin, { ...death });
      if (adoption) judge('civil-acts', 'AdoptionAct', iin, { ...adoption });
      for (const { kind } of custody) judge('civil-acts', 'Custody', iin, { kind });
    }
    for (const { iin, directorships, ownerships } of country.business) {
      judge('business', 'Citizen', iin, { iin });
      for (const { organisation, role, since, until } of directorships) {
        judge('business', 'Directorship', iin, { role, since, until });
        judge('business', 'Organisation', iin, { ...organisation });
      }
      for (const { organisation, share, since } of ownerships) {
        judge('business', 'Ownership', iin, { share, since });
        judge('business', 'Organisation', iin, { ...organisation });
      }
    }
    for (const { iin, current, former } of country.addresses) {
      for (const { dwelling, kato, kind, registeredOn, deregisteredOn } of current === null
        ? former
        : [current, ...former]) {
        const { code: dwellingCode, street, house, flat, place } = dwelling;
        judge('address', 'Registration', iin, {
          dwellingCode,
          kato,
          region: place.region,
          city: place.city,
          street,
          house,
          flat,
          kind,
          registeredOn,
          deregisteredOn,
        });
      }
    }
    const { lands, buildings, vehicles } = country.property;
    for (const { owner, cadastralNumber, area, use, share, registeredOn: ownedSince } of lands)
      judge('property', 'Land', owner, { cadastralNumber, area, use, share, ownedSince });
    for (const { owner, cadastralNumber, kind, area, address, share, registeredOn: ownedSince } of buildings) {
      judge('property', 'Building', owner, {
        cadastralNumber,
        kind: KINDS[kind] ?? kind,
        area,
        address,
        share,
        ownedSince,
      });
    }
    for (const { owner, plate, make, model, year, registeredOn: ownedSince } of vehicles)
      judge('property', 'Vehicle', owner, { plate, make, model, year, ownedSince });
    for (const {
      iin,
      status: taxpayerStatus,
      registeredOn: taxpayerSince,
      updatedAt: taxpayerUpdatedAt,
      incomes,
      contributions,
    } of country.taxes) {
      judge('tax', 'Citizen', iin, { iin, taxpayerStatus, taxpayerSince, taxpayerUpdatedAt });
      for (const { employer, ...income } of incomes)
        judge('tax', 'Income', iin, { ...income, employerBin: employer.bin, employerName: employer.name });
      for (const { employer, ...contribution } of contributions)
        judge('tax', 'PensionContribution', iin, { ...contribution, employerBin: employer.bin });
    }
  });

  for (const [id, expected] of Object.entries(EXPECTED) as [DefectId, (typeof EXPECTED)[DefectId]][]) {
    if (typeof expected === 'string') {
      it(`${id}: ${expected}`, () => {
        expect(country.defects[id].flatMap((iin) => faults.get(iin) ?? [])).to.deep.equal([]);
      });
      continue;
    }
    const [verdict, rule] = expected;
    it(`${id}: ${verdict} by one rule`, () => {
      for (const iin of country.defects[id]) {
        const [fault = '', ...more] = faults.get(iin) ?? [];
        expect(more).to.have.length(0);
        const [said, ...rules] = fault.split(' ');
        expect(said).to.equal(verdict);
        expect(rules).to.have.length(1);
        expect(rules[0]).to.match(rule);
      }
    });
  }

  it('passes every record without a known defect', () => {
    const known = new Set(Object.values(country.defects).flat());
    expect([...faults].filter(([iin]) => !known.has(iin)).map(([, fault]) => fault)).to.deep.equal([]);
  });
});
