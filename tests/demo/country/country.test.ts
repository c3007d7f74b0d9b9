import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { birthDateOf, isIin, sexOf } from '../../../schemas/identifiers/iin.js';
import { ageOn, FACT_DATE } from '../../../demo/country/calendar.js';
import { CITIZENS, generateCountry, type Country } from '../../../demo/country/country.js';
import type { Person } from '../../../demo/country/model.js';
import { FAMILIES, membersOf, UNKNOWN_NUMBER, OFFICIAL, WORKING_MINOR } from '../../../demo/country/people.js';

/** Changes with every change of the country: then the seed's country is another one, and the printed answers may be too. */
const GOLDEN = 'c263d9d9c510662e67ccfdc2c983251f5ab879ff4d4a84712d79b5f8aead2cc0';

const hash = (country: Country): string => createHash('sha256').update(JSON.stringify(country)).digest('hex');

describe('the demo country', () => {
  const country = generateCountry();
  const byIin = new Map(country.persons.map((person) => [person.iin, person]));
  const person = (iin: string): Person => {
    const found = byIin.get(iin);
    if (found === undefined) throw new Error('a link leads to no one');
    return found;
  };

  it('is the same for the same seed and another for another', () => {
    expect(hash(generateCountry())).to.equal(GOLDEN);
    expect(hash(generateCountry(7))).to.not.equal(GOLDEN);
  });

  it('has as many citizens as it says, each with a valid number of their own from the reserved range', () => {
    expect(country.persons).to.have.length(CITIZENS);
    expect(byIin.size).to.equal(CITIZENS);
    for (const { iin } of country.persons) {
      expect(isIin(iin)).to.equal(true);
      expect(Number(iin.slice(7, 11))).to.be.within(9000, 9999);
    }
    expect(isIin(UNKNOWN_NUMBER)).to.equal(true);
    expect(byIin.has(UNKNOWN_NUMBER)).to.equal(false);
  });

  it('links families in both directions', () => {
    for (const one of country.persons) {
      if (one.spouseIin !== null) expect(person(one.spouseIin).spouseIin).to.equal(one.iin);
      for (const child of one.childrenIins) expect(person(child).parentsIins).to.include(one.iin);
      for (const parent of one.parentsIins) expect(person(parent).childrenIins).to.include(one.iin);
    }
  });

  it('lets no one marry before 18, the dead, or their own sex, and no one be a parent before 18 or a mother after 41', () => {
    for (const one of country.persons) {
      const born = birthDateOf(one.iin) ?? '';
      if (one.spouseIin !== null) {
        expect(ageOn(born, FACT_DATE)).to.be.at.least(18);
        expect(one.lifeStatus).to.not.equal('DECEASED');
        expect(sexOf(one.spouseIin)).to.not.equal(sexOf(one.iin));
      }
      for (const child of one.childrenIins) {
        const age = ageOn(born, birthDateOf(child) ?? '');
        expect(age).to.be.at.least(18);
        if (sexOf(one.iin) === 'F') expect(age).to.be.at.most(41);
      }
    }
  });

  it('knows nothing that happens after the fact date', () => {
    for (const { iin, deathDate, recordUpdatedAt, documents } of country.persons) {
      const dates = [
        birthDateOf(iin) ?? '',
        deathDate ?? '',
        recordUpdatedAt.slice(0, 10),
        ...documents.map(({ issuedOn }) => issuedOn),
      ];
      for (const date of dates) expect(date <= FACT_DATE, date).to.equal(true);
    }
  });

  it('gives children their father’s patronymic, and some people none', () => {
    const patronymics = country.persons.map(({ middleName }) => middleName);
    expect(patronymics.filter((name) => name === null)).to.have.length.within(60, 200);
    const son = person(FAMILIES[0]?.children[0]?.iin ?? '');
    const daughter = person(FAMILIES[0]?.children[1]?.iin ?? '');
    expect([son.middleName, daughter.middleName]).to.deep.equal(['Нұрланұлы', 'Нұрланқызы']);
    expect([son.lastName, daughter.lastName]).to.deep.equal(['Серікбаев', 'Серікбаева']);
    expect(patronymics).to.include.members(['Ильич', 'Ильинична', 'Никитична', 'Сергеевна']);
  });

  it('has minors and adults, the living and the dead, in several regions', () => {
    const minors = country.persons.filter(({ iin }) => ageOn(birthDateOf(iin) ?? '', FACT_DATE) < 18);
    expect(minors).to.have.length.within(400, 1000);
    expect(country.persons.filter(({ lifeStatus }) => lifeStatus === 'DECEASED')).to.have.length.within(50, 200);
    expect(new Set(country.dwellings.map(({ place }) => place.region)).size).to.be.at.least(10);
  });

  it('registers everyone once, and no one who is dead', () => {
    expect(new Set(country.addresses.map(({ iin }) => iin)).size).to.equal(CITIZENS);
    for (const { iin, current, former } of country.addresses) {
      if (person(iin).lifeStatus === 'DECEASED') expect(current).to.equal(null);
      for (const { registeredOn } of current === null ? former : [current, ...former]) {
        expect(registeredOn >= (birthDateOf(iin) ?? ''), 'registered before birth').to.equal(true);
      }
    }
  });

  it('lets some minors own something, and couples own together', () => {
    const { lands, buildings, vehicles } = country.property;
    const minors = [...lands, ...buildings].filter(
      ({ owner }) => byIin.has(owner) && ageOn(birthDateOf(owner) ?? '', FACT_DATE) < 18,
    );
    expect(minors.length).to.be.at.least(10);
    expect(buildings.filter(({ share }) => share === '1/2').length).to.be.at.least(50);
    expect(vehicles.length).to.be.at.least(300);
  });

  it('knows incomes of full months, newest first, mostly of the living of working age', () => {
    for (const { iin, incomes, contributions } of country.taxes) {
      const months = incomes.map(({ month }) => month);
      expect(months).to.deep.equal([...months].sort().reverse());
      for (const month of months) expect(month >= '2023-03' && month <= '2026-02', month).to.equal(true);
      expect(contributions.length, iin).to.be.at.most(incomes.length);
    }
    expect(country.taxes.filter(({ incomes }) => incomes.length > 0)).to.have.length.within(600, 1100);
    expect(new Set(country.taxes.map(({ iin }) => iin)).size).to.equal(country.taxes.length);
  });

  it('has an official with two employers, and a minor with an income', () => {
    const employers = (iin: string): Set<string> =>
      new Set(country.taxes.find((taxpayer) => taxpayer.iin === iin)?.incomes.map(({ employer }) => employer.bin));
    expect([...employers(OFFICIAL.iin)])
      .to.have.length(2)
      .and.to.include(country.organisations.agencies.social.bin);
    expect([...employers(WORKING_MINOR.iin)]).to.have.length(1);
    expect(ageOn(WORKING_MINOR.birthDate, FACT_DATE)).to.be.below(18);
  });

  it('has fifty open cases of each kind and a closed one, each about someone who lives', () => {
    const numbers = country.cases.filter(({ status }) => status === 'open').map(({ number }) => number);
    expect(numbers).to.include.members([
      'HQ-2026-000101',
      'HQ-2026-000150',
      'PS-2026-000201',
      'PS-2026-000250',
      'AP-2026-000301',
      'AP-2026-000350',
      'BA-2026-000401',
      'BA-2026-000450',
      'DC-2026-000501',
      'DC-2026-000550',
    ]);
    expect(new Set(numbers).size).to.equal(250);
    const closed = country.cases.filter(({ status }) => status === 'closed').map(({ number }) => number);
    expect(closed).to.deep.equal([
      'HQ-2026-000100',
      'PS-2026-000200',
      'AP-2026-000300',
      'BA-2026-000400',
      'DC-2026-000500',
    ]);
    for (const { subject } of country.cases) expect(person(subject).lifeStatus).to.not.equal('DECEASED');
  });

  it('has the people that the printed commands name, with their families', () => {
    for (const family of FAMILIES) {
      expect(country.cases.find(({ number }) => number === family.caseNumber)?.subject).to.equal(family.applicant.iin);
      const homes = new Set(
        membersOf(family).map(
          ({ iin }) => country.addresses.find((record) => record.iin === iin)?.current?.dwelling.code,
        ),
      );
      expect(homes.size, family.caseNumber).to.equal(1);
      expect(person(family.husband.iin).spouseIin).to.equal(family.wife.iin);
      expect(person(family.wife.iin).childrenIins).to.deep.equal(family.children.map(({ iin }) => iin));
    }
  });
});
