import { expect } from 'chai';
import fc from 'fast-check';
import { join } from 'node:path';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { checkDigit } from '../../../schemas/identifiers/iin.js';
import { loadQuality } from '../../../schemas/quality/load-quality.js';
import { describeQuality } from '../../ports/quality.js';
import { sharedContracts } from '../../shared-contracts.js';

const quality = await loadQuality(
  join(packageRoot(), 'schemas', 'registers'),
  { factDate: () => '2026-03-02' },
  sharedContracts,
);
const complete = (eleven: string): string => `${eleven}${String(checkDigit(eleven))}`;

const GOOD = {
  iin: complete('80010139001'),
  lastName: 'Ахметов',
  firstName: 'Нұрлан',
  middleName: null,
  birthDate: '1980-01-01',
  sex: 'M',
  lifeStatus: 'ALIVE',
  deathDate: null,
  recordUpdatedAt: '2025-06-01T08:00:00Z',
};
const ALL = Object.keys(GOOD);

const judge = (changes: Record<string, unknown>, fields: readonly string[] = ALL) => {
  const record = Object.fromEntries(
    Object.entries({ ...GOOD, ...changes }).filter(([field]) => fields.includes(field)),
  );
  return quality.prepare('population', 'Citizen', fields)?.check(record) ?? expect.fail('no check');
};
const rules = (changes: Record<string, unknown>, fields?: readonly string[]): readonly string[] =>
  judge(changes, fields).findings.map(({ rule }) => rule);

describe('record check', () => {
  it('passes a record in order', () => {
    expect(judge({})).to.deep.equal({ verdict: 'pass', findings: [] });
  });

  const broken: readonly (readonly [string, Record<string, unknown>, string, string])[] = [
    [
      'a number with another check digit',
      { iin: `${GOOD.iin.slice(0, 11)}${(Number(GOOD.iin[11]) + 1) % 10}` },
      'population.Citizen.iin#check-digit',
      'rejected',
    ],
    ['a surname of mixed scripts', { lastName: 'Aхметов' }, 'population.Citizen.lastName#one-script', 'flagged'],
    ['no surname', { lastName: null }, 'population.Citizen.lastName#required', 'rejected'],
    ['a day that does not exist', { deathDate: '2020-02-30' }, 'population.Citizen.deathDate#format', 'flagged'],
    ['a birth to come', { birthDate: '2027-01-01' }, 'population.Citizen.birthDate#not-after-today', 'flagged'],
    [
      'a birth date that contradicts the number',
      { birthDate: '1990-01-01' },
      'population.Citizen.birthDate#birth-date-matches-iin',
      'flagged',
    ],
    ['a sex that contradicts the number', { sex: 'F' }, 'population.Citizen.sex#sex-matches-iin', 'flagged'],
    ['an unknown code', { sex: 'X' }, 'population.Citizen.sex#known-code', 'flagged'],
    ['a death before birth', { deathDate: '1979-01-01' }, 'population.Citizen.deathDate#after-birth', 'flagged'],
    [
      'a death without a date',
      { lifeStatus: 'DECEASED' },
      'population.Citizen.deathDate#present-when-deceased',
      'flagged',
    ],
    [
      'a stale record',
      { recordUpdatedAt: '2019-01-01T00:00:00Z' },
      'population.Citizen.recordUpdatedAt#fresh',
      'flagged',
    ],
    ['a number where text belongs', { lastName: 7 }, 'population.Citizen.lastName#type', 'rejected'],
  ];
  for (const [what, changes, rule, verdict] of broken) {
    it(`finds ${what}`, () => {
      expect(rules(changes)).to.include(rule);
      expect(judge(changes).verdict).to.equal(verdict);
    });
  }

  it('never quotes a value', () => {
    const secret = 'Zz-секрет';
    expect(JSON.stringify(judge({ lastName: secret, sex: secret, birthDate: secret, iin: secret }))).to.not.include(
      'секрет',
    );
  });

  it('runs no rule whose inputs were not fetched', () => {
    expect(rules({ birthDate: '1990-01-01' }, ['birthDate'])).to.deep.equal([]);
    expect(rules({ lifeStatus: 'DECEASED' }, ['lifeStatus'])).to.deep.equal([]);
  });

  it('does not depend on anything that was not granted', () => {
    fc.assert(
      fc.property(
        fc.subarray(ALL, { minLength: 1 }),
        fc.dictionary(fc.constantFrom(...ALL), fc.anything()),
        (granted, noise) => {
          const granting = Object.fromEntries(granted.map((field) => [field, GOOD[field as keyof typeof GOOD]]));
          const check = quality.prepare('population', 'Citizen', granted) ?? expect.fail('no check');
          expect(check.check({ ...noise, ...granting })).to.deep.equal(check.check(granting));
        },
      ),
      { seed: 20260302, numRuns: 300 },
    );
  });

  it('says when no rule could run', () => {
    expect(quality.prepare('population', 'Citizen', ['nothing'])?.check({ nothing: 1 }).verdict).to.equal(
      'not_evaluated',
    );
    expect(quality.prepare('address', 'Citizen', ['iin'])).to.equal(undefined);
  });

  it('is not misled by names of Object.prototype', () => {
    const check =
      quality.prepare('population', 'Citizen', ['lastName', 'toString', '__proto__']) ?? expect.fail('no check');
    expect(
      check.check(JSON.parse('{"__proto__": {"lastName": "Ахметов"}}') as Record<string, unknown>).verdict,
    ).to.equal('rejected');
  });
});

describeQuality('Contracts of registers', () => ({
  quality,
  described: { register: 'population', type: 'Citizen', record: GOOD, broken: { field: 'lastName', value: 'Aхметов' } },
}));
