import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { generateCountry } from '../../demo/country/country.js';
import { attachState } from '../../gateway/state/open.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { withAsciiDigits } from '../../schemas/caller-texts/digits.js';
import { startSystem, type RunningSystem } from './running-system.js';

const { iin } = HOUSING_FAMILY.applicant;
/** Zeros of scripts of digits: ASCII, Arabic-Indic, Devanagari, fullwidth, mathematical bold. */
const ZEROS = [0x30, 0x660, 0x966, 0xff10, 0x1d7ce];
const inScript = (number: string, zero: number): string =>
  [...number].map((digit) => String.fromCodePoint(zero + Number(digit))).join('');

describe('what a run writes', function () {
  this.timeout(120_000);
  let system: RunningSystem;
  before(async () => {
    system = await startSystem();
  });
  after(() => system.stop());

  it('holds no number of a person in any script of digits, and no value of a register', async () => {
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    const answered = await system.ask(access, { documentId: 'HousingQueue', variables: { iin } });
    expect(answered.data).to.not.equal(null);
    for (const zero of ZEROS) {
      const number = inScript(iin, zero);
      const again = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
      await system.ask(again, {
        query: `query Q($iin: Iin!) { citizen(iin: $iin) { iin } }`,
        variables: { iin: number },
      });
      await system.ask(again, { query: `{ n${number}: citizen(iin: "${number}") { iin } }`, operationName: number });
    }
    const state = await attachState(stateOptions(system.config));
    const stored: string[] = [];
    try {
      for (const table of ['audit_entry', 'audit_subject']) {
        const { rows } = await state.sql.query<{ readonly text: string }>(
          `SELECT to_jsonb(t)::text AS text FROM ${table} t`,
        );
        stored.push(...rows.map(({ text }) => text));
      }
      const { rows } = await state.sql.query<{ readonly entry: Buffer }>('SELECT entry FROM audit_entry');
      stored.push(...rows.map(({ entry }) => entry.toString('utf8')));
    } finally {
      await state.close();
    }
    const metrics = await (await fetch(`${system.gateway.operationsUrl}/metrics`)).text();
    const written = [...stored, ...system.logged, metrics].map(withAsciiDigits).join('\n');
    expect(written).to.include(answered.tereze.requestId).and.include('"evidence"');
    const { persons } = generateCountry();
    const family = persons.filter((person) => answered.text.includes(person.lastName));
    expect(family).to.not.deep.equal([]);
    const names = family.flatMap(({ lastName, firstName, documents }) => [
      ...[lastName, firstName].filter((name) => name.length > 3),
      ...documents.flatMap(({ number }) => number ?? []),
    ]);
    for (const secret of [...persons.map((person) => person.iin), ...names])
      expect(written.includes(secret), 'a number or value of a person').to.equal(false);
  });
});
