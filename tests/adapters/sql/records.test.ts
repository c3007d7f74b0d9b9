import { expect } from 'chai';
import fc from 'fast-check';
import { RegisterFailure, type Adapter, type GroupAnswer, type RegisterCall } from '../../../adapters/port.js';
import { createSqlAdapter } from '../../../adapters/sql/sql-adapter.js';
import { someCalls } from '../../recorded-calls.js';
import { rejection } from '../../rejection.js';
import { runningClock } from '../../doubles.js';
import { citizens, entities, leaf, list, object, root } from '../selections.js';
import { BARE, legacySource, MAPPING, NO_ONE, openLegacyPeople, WHOLE, type LegacyPeople } from './legacy-people.js';

type Below = Parameters<typeof entities>[1];
type MakeField = Below[number];

/** A leaf of another type than `String`. */
const typed =
  (name: string, type: string, isList = false): MakeField =>
  (parentType) => ({ ...leaf(name)(parentType), type, list: isList });

const ADDRESSES = list('addresses', 'Address', [
  leaf('text'),
  typed('since', 'LocalDate'),
  typed('until', 'LocalDate'),
]);

const EVERYTHING: Below = [
  ...[leaf('__typename'), leaf('iin'), leaf('lastName'), leaf('firstName'), typed('birth', 'LocalDate')],
  ...[typed('isAlive', 'Boolean'), typed('updated', 'Instant'), typed('changed', 'Instant')],
  ...[typed('income', 'Decimal'), typed('phones', 'String', true), leaf('mainPhone'), leaf('documentKind')],
  ...[object('document', 'Document', [leaf('kind'), leaf('number')]), leaf('sex'), typed('districtCode', 'Int')],
  ...[leaf('district'), ADDRESSES],
];

describe('records of a SQL register', function () {
  this.timeout(30_000);
  const clock = runningClock();
  let people: LegacyPeople;
  let adapter: Adapter;

  before(async () => {
    people = await openLegacyPeople();
    adapter = createSqlAdapter({ register: 'people', source: legacySource(), reader: people.reader });
  });
  after(() => people.close());

  const read = (groups: RegisterCall['groups'], of = adapter) =>
    of.read({ requestId: 'request-1', calls: someCalls(), groups, deadline: clock.monotonic() + 5_000 });
  const ask = async (fields: Below, iins: readonly string[], of = adapter): Promise<GroupAnswer> => {
    const group = { prepared: of.prepare(entities('Citizen', fields)), variables: {}, keys: citizens(...iins) };
    const [answer] = (await read([group], of)).groups;
    if (answer === undefined) throw new Error('no answer');
    return answer;
  };
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const mapped = (change: (text: string) => string): Adapter =>
    createSqlAdapter({ register: 'people', source: legacySource(change(MAPPING)), reader: people.reader });

  it('come from a view by a number with twelve digits, with every type of column', async () => {
    const { records, errors, converted } = await ask(EVERYTHING, [WHOLE]);
    expect(errors).to.deep.equal([]);
    expect(plain(records)).to.deep.equal([
      {
        __typename: 'Citizen',
        ...{ iin: WHOLE, lastName: 'Тестов', firstName: 'Проба', birth: '2001-02-03', isAlive: true },
        ...{ updated: '2026-02-20T05:00:00Z', changed: '2026-02-20T05:00:00Z', income: '12345678901234567.89' },
        ...{ phones: ['+70000000001', '+70000000002'], mainPhone: '+70000000001', documentKind: 'IDENTITY_CARD' },
        ...{ document: { kind: 'UL', number: '012345678' }, sex: 'MALE', districtCode: 7, district: 'Северный' },
        addresses: [
          { text: 'ул. Пробная, 1', since: '2010-01-01', until: null },
          { text: 'ул. Пробная, 2', since: '2001-01-01', until: '2009-12-31' },
        ],
      },
    ]);
    expect(converted).to.include('updated: instant Asia/Almaty').and.include('income: decimal');
  });

  it('are null where a column is null, and absent where the table has no row', async () => {
    const { records, errors } = await ask(EVERYTHING, [BARE, NO_ONE]);
    expect(errors).to.deep.equal([]);
    const [bare, none] = plain(records) as readonly Readonly<Record<string, unknown>>[];
    expect(bare).to.include({ iin: BARE, birth: null, isAlive: false, updated: null, income: '0.10', sex: null });
    expect(bare).to.include({ phones: null, document: null, documentKind: null, district: null });
    expect(bare?.['addresses']).to.deep.equal([]);
    expect(none).to.equal(null);
  });

  it('are asked with the columns of the selection only, and a JSON by its members', () => {
    const texts: string[] = [];
    const spy = createSqlAdapter({
      register: 'people',
      source: legacySource(),
      reader: {
        query: async (text) => {
          texts.push(text);
          return [];
        },
        learnArrays: () => undefined,
        close: async () => undefined,
      },
    });
    return ask([leaf('lastName'), leaf('documentKind')], [WHOLE], spy).then(() =>
      expect(texts).to.deep.equal([
        `SELECT "IIN" AS "_owner", "FAM" AS "c0", "dokument" #> ARRAY['vid']::text[] AS "c1" FROM "REESTR"."FIZ_LICA_V" WHERE "IIN" = ANY ($1::int8[]) AND $2::text IS NOT NULL LIMIT 101`,
      ]),
    );
  });

  it('exist also where only the key is asked, which a list alone does not need', async () => {
    expect(plain((await ask([leaf('iin')], [WHOLE, NO_ONE])).records)).to.deep.equal([{ iin: WHOLE }, null]);
    expect(plain((await ask([leaf('iin'), ADDRESSES], [NO_ONE])).records)).to.deep.equal([
      { iin: NO_ONE, addresses: [] },
    ]);
  });

  it('are no one’s for a number that is written in another way or is none', async () => {
    const { records } = await ask([leaf('lastName')], ['10203590013', '0010203590013', 'abc', "1' OR '1'='1", '']);
    expect(records).to.deep.equal([null, null, null, null, null]);
  });

  it('are asked by values that change nothing of the statement', async () => {
    const sent: { text: string; values: readonly unknown[] }[] = [];
    const query: LegacyPeople['reader']['query'] = async (text, values) => {
      sent.push({ text, values });
      return [];
    };
    const source = legacySource(
      MAPPING.replace('column: IIN, type: int8', 'column: FAM, type: varchar').replace(', as: digits, length: 12', ''),
    );
    const spy = createSqlAdapter({
      register: 'people',
      source,
      reader: { query, learnArrays: () => undefined, close: async () => undefined },
    });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (key) => {
        await ask([leaf('firstName')], [key], spy);
        expect(sent.at(-1)?.values).to.deep.equal(key.includes('\0') ? sent.at(-1)?.values : [[key], 'request-1-1']);
      }),
    );
    expect(new Set(sent.map(({ text }) => text)).size).to.equal(1);
  });

  it('answer root fields by one key, by many, and with rows of another table', async () => {
    const one = root('citizen', 'iin', 'number', 'Citizen', [leaf('iin'), leaf('lastName')]);
    const of = async (selection: typeof one, variables: object) => {
      const group = { prepared: adapter.prepare(selection), variables: { ...variables } };
      return plain((await read([group])).groups[0]?.records);
    };
    expect(await of(one, { number: WHOLE })).to.deep.equal([{ citizen: { iin: WHOLE, lastName: 'Тестов' } }]);
    expect(await of(one, { number: NO_ONE })).to.deep.equal([{ citizen: null }]);
    expect(await of(one, { number: [BARE, NO_ONE] })).to.deep.equal([
      { citizen: [{ iin: BARE, lastName: 'Тестов' }, null] },
    ]);
    const district = root('district', 'code', 'code', 'District', [typed('code', 'Int'), leaf('name')]);
    expect(await of(district, { code: 8 })).to.deep.equal([{ district: { code: 8, name: 'Южный' } }]);
    const rows = root('addressesOf', 'iin', 'number', 'Address', [leaf('text')]);
    const [field] = rows.fields;
    if (field === undefined) throw new Error('no field');
    const lists = { ...rows, fields: [{ ...field, list: true }] };
    expect(await of(lists, { number: WHOLE })).to.deep.equal([
      { addressesOf: [{ text: 'ул. Пробная, 1' }, { text: 'ул. Пробная, 2' }] },
    ]);
  });

  it('fail if a key has two of them', async () => {
    const twice = mapped((text) =>
      text
        .replace('table: [REESTR, FIZ_LICA_V]', 'table: [REESTR, adresa]')
        .replace('key_column: { column: IIN', 'key_column: { column: iin_vladelca')
        .replace('lastName: FAM', 'lastName: adres'),
    );
    const failure = await rejection(ask([leaf('lastName')], [WHOLE], twice));
    expect(failure).to.be.instanceOf(RegisterFailure).and.include({ reason: 'duplicate_record' });
  });

  it('fail with the limit of rows, a denial, a drift of the schema, each by its reason', async () => {
    const reasonOf = async (change: (text: string) => string, fields: Below): Promise<unknown> =>
      ((await rejection(ask(fields, [WHOLE], mapped(change)))) as RegisterFailure).reason;
    expect(await reasonOf((text) => text.replace('max_rows: 100', 'max_rows: 1'), [ADDRESSES])).to.equal('row_limit');
    const otherColumn = (text: string): string => text.replace('lastName: FAM', 'lastName: FAMILIA');
    expect(await reasonOf(otherColumn, [leaf('lastName')])).to.equal('schema_drift');
    const otherType = (text: string): string =>
      text.replace(
        'FIZ_LICA_V]\n    key_column: { column: IIN, type: int8 }',
        'FIZ_LICA_V]\n    key_column: { column: FAM, type: int8 }',
      );
    expect(await reasonOf(otherType, [leaf('firstName')])).to.equal('schema_drift');
    await people.database.ownerSql.query('CREATE TABLE "REESTR".zakryto (iin bigint PRIMARY KEY, a text)');
    const closed = (text: string): string =>
      text
        .replace('[REESTR, FIZ_LICA_V]', '[REESTR, zakryto]')
        .replace('column: IIN', 'column: iin')
        .replace('lastName: FAM', 'lastName: a');
    expect(await reasonOf(closed, [leaf('lastName')])).to.equal('sql_denied');
  });

  it('fail if a JSON in them has a name twice', async () => {
    const { ownerSql } = people.database;
    await ownerSql.query(`CREATE TABLE by_json (iin bigint PRIMARY KEY, doc json)`);
    await ownerSql.query(`INSERT INTO by_json VALUES (1, '{"a": 1, "a": 2}')`);
    await ownerSql.query('GRANT SELECT ON by_json TO tereze_runtime');
    const source = legacySource(
      'protocol: sql\ntypes: { Citizen: { key: iin, table: by_json, key_column: { column: iin, type: int8 }, fields: { a: doc } } }',
    );
    const twice = createSqlAdapter({ register: 'people', source, reader: people.reader });
    expect(await rejection(ask([leaf('a')], ['1'], twice))).to.include({ reason: 'json_duplicate_name' });
  });

  it('keep the index of the key, of every type', async () => {
    const { ownerSql } = people.database;
    for (const [type, value] of [
      ['bpchar', `lpad(n::text, 12, '0')`],
      ['varchar', `lpad(n::text, 12, '0')`],
      ['text', `lpad(n::text, 12, '0')`],
      ['int2', 'n'],
      ['int4', 'n'],
      ['int8', 'n'],
      ['numeric', 'n'],
      ['uuid', `md5(n::text)::uuid`],
      ['date', `date '1900-01-01' + n`],
    ] as const) {
      const column = type === 'bpchar' ? 'char(12)' : type;
      await ownerSql.query(`CREATE TABLE by_${type} ("Ключ" ${column} PRIMARY KEY, v text)`);
      await ownerSql.query(`INSERT INTO by_${type} SELECT ${value}, 'x' FROM generate_series(1, 5000) n`);
      await ownerSql.query(`ANALYZE by_${type}`);
      const texts: string[] = [];
      const keyed = createSqlAdapter({
        register: 'people',
        source: legacySource(
          `protocol: sql\ntypes: { Citizen: { key: iin, table: by_${type}, key_column: { column: Ключ, type: ${type} }, fields: { v: v } } }`,
        ),
        reader: {
          query: async (text) => {
            texts.push(text);
            return [];
          },
          learnArrays: () => undefined,
          close: async () => undefined,
        },
      });
      const key = String((await ownerSql.query(`SELECT "Ключ" AS key FROM by_${type} LIMIT 1`)).rows[0]?.['key']);
      await ask([leaf('v')], [type === 'date' ? '1900-01-02' : key], keyed);
      const plan = await ownerSql.query(`EXPLAIN ${texts[0]}`, [[type === 'date' ? '1900-01-02' : key], 'request-1-1']);
      expect(JSON.stringify(plan.rows), type).to.include('Index Scan');
    }
  });
});
