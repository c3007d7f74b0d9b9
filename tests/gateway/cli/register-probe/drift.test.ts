import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openLegacyPeople, WHOLE, type LegacyPeople } from '../../../adapters/sql/legacy-people.js';
import { LEAST_CONFIG } from '../../config/example.js';
import { printedBy } from '../command-line.js';

const SCHEMA = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  @link(url: "https://tereze.kz/governance/v1.0", import: ["@category", "@subject"])
scalar Iin
type Citizen @key(fields: "iin") @subject(field: "iin") @category(name: "people.identity") {
  iin: Iin!
  lastName: String
}
`;
const SOURCE = `
protocol: sql
types:
  Citizen:
    key: iin
    table: [REESTR, FIZ_LICA_V]
    key_column: { column: IIN, type: int8 }
    fields: { iin: { at: IIN, as: digits, length: 12 }, lastName: FAM }
operations:
  old: { table: [REESTR, arhiv], key_column: { column: IIN, type: int8 } }
`;

describe('tereze register probe of a database', function () {
  this.timeout(60_000);
  let people: LegacyPeople;
  let folder: string;
  before(async () => {
    people = await openLegacyPeople();
    folder = mkdtempSync(join(tmpdir(), 'probe-drift-'));
    mkdirSync(join(folder, 'registers', 'people'), { recursive: true });
    writeFileSync(join(folder, 'registers', 'people', 'schema.graphql'), SCHEMA);
    writeFileSync(join(folder, 'registers', 'people', 'source.yaml'), SOURCE);
    const { host, port, database, user, password } = people.database.settings.runtime;
    writeFileSync(join(folder, 'password'), password, { mode: 0o600 });
    writeFileSync(join(folder, 'secret'), 'x'.repeat(64), { mode: 0o600 });
    const register = { protocol: 'sql', host, port, database, user, password_file: 'password', test_person: WHOLE };
    writeFileSync(
      join(folder, 'tereze.yaml'),
      LEAST_CONFIG.replace(
        'registers: {}',
        `supergraph: { directory: registers }\nregisters: { people: ${JSON.stringify(register)} }`,
      ),
    );
  });
  after(async () => {
    await people.close();
    rmSync(folder, { recursive: true });
  });

  it('names what differs from the mapping beside what it read', async () => {
    const printed = await printedBy('register', 'probe', 'people', '--config', join(folder, 'tereze.yaml'));
    expect(printed)
      .to.include('warns   schema_drift: REESTR.arhiv no_table')
      .and.match(/ok +read/);
    expect(printed).to.not.include(WHOLE);
  });
});
