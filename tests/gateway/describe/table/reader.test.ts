import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse as parseGraphql } from 'graphql';
import { parse } from 'yaml';
import { readSource } from '../../../../adapters/source-file.js';
import { formOf, sqlSource } from '../../../../adapters/sql/source.js';
import { createSqlAdapter } from '../../../../adapters/sql/sql-adapter.js';
import { probeSelection } from '../../../../gateway/probe/probe-selection.js';
import { openLegacyPeople, WHOLE, type LegacyPeople } from '../../../adapters/sql/legacy-people.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { parseRegister } from '../../../../schemas/catalogue/register-schema.js';
import { runningClock } from '../../../doubles.js';
import { someCalls } from '../../../recorded-calls.js';
import { rejection } from '../../../rejection.js';
import { printedBy } from '../../cli/command-line.js';

describe('tereze register new --from table', function () {
  this.timeout(60_000);
  let people: LegacyPeople;
  let folder: string;

  before(async () => {
    people = await openLegacyPeople();
    await people.database.ownerSql.query(`COMMENT ON COLUMN "REESTR"."FIZ_LICA"."FAM" IS 'Фамилия'`);
  });
  after(() => people.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'table-'));
    writeFileSync(join(folder, 'url'), people.database.url, { mode: 0o600 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = async (name: string, source: string, ...options: readonly string[]): Promise<string> => {
    const given = [
      '--from',
      'table',
      '--database-url-file',
      join(folder, 'url'),
      '--registers',
      join(folder, 'registers'),
    ];
    return printedBy('register', 'new', name, source, ...given, ...options);
  };
  const file = (name: string, of: string): string => readFileSync(join(folder, 'registers', name, of), 'utf8');

  /** Everything that a probe asks of the register's first entity, answered by its adapter. */
  const probed = async (name: string, person: string): Promise<unknown> => {
    const source = formOf(sqlSource.parse(readSource(join(folder, 'registers', name, 'source.yaml'))));
    const adapter = createSqlAdapter({ register: name, source, reader: people.reader });
    const probe = probeSelection(parseGraphql(file(name, 'schema.graphql')));
    if (probe === undefined) throw new Error('no entity');
    const { groups } = await adapter.read({
      requestId: 'request-1',
      calls: someCalls(),
      deadline: runningClock().monotonic() + 5_000,
      groups: [
        {
          prepared: adapter.prepare(probe.selection),
          variables: {},
          keys: [{ __typename: probe.type, [probe.key]: person }],
        },
      ],
    });
    expect(groups[0]?.errors).to.deep.equal([]);
    return JSON.parse(JSON.stringify(groups[0]?.records[0]));
  };

  it('writes a person of a view, with the key of the table behind it, and every column comes to an answer', async () => {
    writeFileSync(join(folder, 'row.json'), '{ "dokument": { "vid": "UL", "nomer": "1" } }');
    const printed = await run(
      ...(['people', 'REESTR.FIZ_LICA_V', '--personal', 'IIN', '--constant', 'time_zone=Asia/Almaty'] as const),
      ...['--example', join(folder, 'row.json')],
    );
    expect(printed).to.include('REESTR.FIZ_LICA_V: a view').and.not.include('left out');
    expect(parse(file('people', 'source.yaml'))).to.deep.include({ protocol: 'sql', roots: { FIZ_LICA_V: 'IIN' } });
    expect(await probed('people', WHOLE)).to.deep.equal({
      ...{ IIN: WHOLE, FAM: 'Тестов', IM: 'Проба', dr: '2001-02-03', zhiv: true, pol: '1', kod_rajona: 7 },
      ...{ obnovleno: '2026-02-20T05:00:00Z', izmeneno: '2026-02-20T05:00:00Z', dohod: '12345678901234567.89' },
      ...{ telefony: ['+70000000001', '+70000000002'], rajon: 'Северный', dokument: { vid: 'UL', nomer: '012345678' } },
    });
  });

  it('states in the contract what the catalogue states', async () => {
    await people.database.ownerSql.query(
      `CREATE TYPE "REESTR".vid AS ENUM ('A', 'Б'); CREATE TABLE "REESTR".spravka (
        id uuid PRIMARY KEY, vid "REESTR".vid NOT NULL, kind varchar(10) CHECK (kind IN ('x', 'y''z')), code char(3), pict bytea, wo point);
       GRANT SELECT ON "REESTR".spravka TO tereze_runtime`,
    );
    const printed = await run('spravka', 'REESTR.spravka');
    expect(printed).to.include('REESTR.spravka.pict: left out: binary content').and.include('values of the type point');
    const { schema } = parse(file('spravka', 'contract.yaml')) as {
      schema: [{ properties: Record<string, unknown>[] }];
    };
    const said = schema[0].properties.map(({ name, required, logicalTypeOptions, quality }) => [
      ...[name, required, logicalTypeOptions],
      (quality as [{ arguments: { validValues: unknown } }] | undefined)?.[0].arguments.validValues,
    ]);
    expect(said).to.deep.equal([
      ['id', true, undefined, undefined],
      ['vid', true, undefined, ['A', 'Б']],
      ['kind', undefined, { maxLength: 10 }, ['x', "y'z"]],
      ['code', undefined, { maxLength: 3 }, undefined],
    ]);
    await people.database.ownerSql.query('DROP TABLE "REESTR".spravka');
  });

  it('writes all tables of a schema: records by their key, lists by what is indexed', async () => {
    await run('reestr', 'REESTR', '--personal', 'IIN', '--personal', 'iin_vladelca');
    const source = parse(file('reestr', 'source.yaml')) as Readonly<Record<string, unknown>>;
    expect(source['roots']).to.deep.equal({
      ...{ FIZ_LICA: 'IIN', FIZ_LICA_V: 'IIN', RAJONY: 'kod', adresa: 'id' },
      adresa_by_iin_vladelca: { operation: 'adresa_by_iin_vladelca', arguments: { iin_vladelca: 'iin_vladelca' } },
    });
    expect(file('reestr', 'schema.graphql')).to.include('"Фамилия"\n  FAM: String');
    expect(() => readSource(join(folder, 'registers', 'reestr', 'source.yaml'))).to.not.throw();
    const sdl = file('reestr', 'schema.graphql')
      .replaceAll('"CATEGORY"', '"test.data"')
      .replaceAll('"CATEGORY_OF_NO_PERSON"', '"test.other"');
    composeCatalogue([parseRegister('reestr', sdl)]);
  });

  it('refuses a table without an index, and says what is wrong without the address', async () => {
    await people.database.ownerSql.query(
      'CREATE TABLE bez_indeksa (a int); GRANT SELECT ON bez_indeksa TO tereze_runtime',
    );
    expect(await run('bez', 'public.bez_indeksa')).to.include('refused  bez_indeksa: no index begins with');
    const failure = String(await rejection(run('people', 'REESTR.net')));
    expect(failure).to.include('no table or view').and.not.include(people.database.settings.runtime.password);
    writeFileSync(join(folder, 'url'), 'postgresql://u:secret@127.0.0.1:1/d');
    expect(String(await rejection(run('people', 'REESTR.net'))))
      .to.include('ECONNREFUSED')
      .and.not.include('secret');
  });
});
