import { expect } from 'chai';
import type { Adapter } from '../../../adapters/port.js';
import { createSqlAdapter } from '../../../adapters/sql/sql-adapter.js';
import { runningClock } from '../../doubles.js';
import { someCalls } from '../../recorded-calls.js';
import { citizens, entities, leaf } from '../selections.js';
import { legacySource, MAPPING, openLegacyPeople, WHOLE, type LegacyPeople } from './legacy-people.js';

describe('the drift of a SQL register', function () {
  this.timeout(30_000);
  const clock = runningClock();
  let people: LegacyPeople;
  before(async () => {
    people = await openLegacyPeople();
  });
  after(() => people.close());

  const mapped = (text: string): Adapter =>
    createSqlAdapter({ register: 'people', source: legacySource(text), reader: people.reader });
  const driftOf = (text: string) => mapped(text).findDrift?.(clock.monotonic() + 5_000);

  it('is none where the mapping is right', async () => {
    expect(await driftOf(MAPPING)).to.deep.equal([]);
  });

  it('is a table or column that is not there, a type that is another, an index that is missing', async () => {
    const drifted = MAPPING.replace('lastName: FAM', 'lastName: FAMILIA')
      .replace('[REESTR, RAJONY]', '[REESTR, RAJONI]')
      .replace('column: iin_vladelca, type: int8', 'column: iin_vladelca, type: text')
      .replace('text: adres,', 'text: adress,');
    expect(await driftOf(drifted)).to.deep.equal([
      { place: 'REESTR.FIZ_LICA_V.FAMILIA', found: 'no_column' },
      { place: 'REESTR.adresa.iin_vladelca', found: 'other_type', type: 'bigint' },
      { place: 'REESTR.adresa.adress', found: 'no_column' },
      { place: 'REESTR.RAJONI', found: 'no_table' },
    ]);
    const bare = `protocol: sql\ntypes: { Citizen: { key: iin, table: bare, key_column: { column: iin, type: int8 }, fields: { v: v } } }`;
    await people.database.ownerSql.query(
      'CREATE TABLE bare (iin bigint, v text); GRANT SELECT (iin) ON bare TO tereze_runtime',
    );
    expect(await driftOf(bare)).to.deep.equal([
      { place: 'public.bare.iin', found: 'no_index' },
      { place: 'public.bare.v', found: 'no_privilege' },
    ]);
  });

  it('is looked for with the types of arrays, which are decoded from then on', async () => {
    const { ownerSql } = people.database;
    await ownerSql.query(
      `CREATE TYPE color AS ENUM ('red', 'sky blue'); CREATE TABLE colors (iin bigint PRIMARY KEY, c color[]);
       INSERT INTO colors VALUES (10203590013, '{red,"sky blue"}'); GRANT SELECT ON colors TO tereze_runtime`,
    );
    const adapter = mapped(
      `protocol: sql\ntypes: { Citizen: { key: iin, table: colors, key_column: { column: iin, type: int8 }, fields: { c: c } } }`,
    );
    expect(await adapter.findDrift?.(clock.monotonic() + 5_000)).to.deep.equal([]);
    const selection = entities('Citizen', [(parentType) => ({ ...leaf('c')(parentType), list: true })]);
    const { groups } = await adapter.read({
      requestId: 'request-1',
      calls: someCalls(),
      groups: [{ prepared: adapter.prepare(selection), variables: {}, keys: citizens(WHOLE) }],
      deadline: clock.monotonic() + 5_000,
    });
    expect(JSON.parse(JSON.stringify(groups[0]?.records))).to.deep.equal([{ c: ['red', 'sky blue'] }]);
  });
});
