import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSource } from '../../../adapters/source-file.js';
import { formOf, sqlSource } from '../../../adapters/sql/source.js';
import { createSqlAdapter } from '../../../adapters/sql/sql-adapter.js';
import { createSqlReader, type SqlReader } from '../../../adapters/sql/reader/sql-reader.js';
import { RegisterFailure, type Adapter, type CallGroup } from '../../../adapters/port.js';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER } from '../../../demo/country/people.js';
import { Fault } from '../../../demo/registers/fault.js';
import { Meter } from '../../../demo/registers/meter.js';
import { startPropertyDatabase } from '../../../demo/registers/property/database.js';
import { READER } from '../../../demo/registers/property/load.js';
import { servePropertyProxy } from '../../../demo/registers/property/proxy.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { runningClock } from '../../doubles.js';
import { describeAdapter } from '../../ports/adapter.js';
import { rejection } from '../../rejection.js';
import { citizens, entities, leaf, list, root } from '../selections.js';
import { someCalls } from '../../recorded-calls.js';

const PASSWORD = 'reader-password';
const { husband, wife } = HOUSING_FAMILY;
const source = formOf(
  sqlSource.parse(readSource(join(packageRoot(), 'schemas', 'registers', 'property', 'source.yaml'))),
);
const { property } = generateCountry();

const LANDS = list('lands', 'Land', [leaf('cadastralNumber'), leaf('area')]);
const landsOf = (iin: string) => property.lands.filter(({ owner }) => owner === iin).sort((a, b) => a.id - b.id);

describeAdapter(
  'the SQL adapter',
  () => ({
    narrow: entities('Citizen', [LANDS]),
    other: entities('Citizen', [leaf('iin'), list('lands', 'Land', [leaf('ownedSince', 'since')], 'plots')]),
    persons: [husband.iin, wife.iin],
    unknown: UNKNOWN_NUMBER,
    narrowOf: (iin) => ({
      lands: landsOf(iin).map(({ cadastralNumber, area }) => ({
        cadastralNumber,
        area: area === null ? null : Number(area).toFixed(2),
      })),
    }),
    otherOf: (iin) => ({ iin, plots: landsOf(iin).map(({ registeredOn }) => ({ since: registeredOn })) }),
    callsFor: { oneGroup: 1, twoGroups: 2 },
  }),
  async () => {
    const [meter, fault] = [new Meter(), new Fault()];
    const directory = await mkdtemp(join(tmpdir(), 'tereze-sql-adapter-'));
    const database = await startPropertyDatabase(directory, property, PASSWORD);
    const proxy = await servePropertyProxy(database.socketPath, meter, fault, '127.0.0.1', 0);
    const adapterWith = (maxRows: number): Adapter => {
      const reader = createSqlReader({
        register: 'property',
        host: '127.0.0.1',
        port: proxy.port,
        database: database.database,
        user: READER,
        password: PASSWORD,
        maxConnections: 4,
        maxResponseBytes: 1_000_000,
        timeoutMs: 5_000,
        clock: runningClock(),
      });
      return createSqlAdapter({ register: 'property', source: { ...source, max_rows: maxRows }, reader });
    };
    const [adapter, tight] = [adapterWith(1_000), adapterWith(0)];
    return {
      adapter,
      tight,
      fault: (mode) => void (fault.mode = mode),
      calls: () => meter.stats().calls,
      close: async () => {
        await Promise.all([adapter.close(), tight.close()]);
        await proxy.close();
        await database.stop();
        await rm(directory, { recursive: true });
      },
    };
  },
);

describe('the SQL adapter', () => {
  let asked: { text: string; values: readonly unknown[] }[];
  beforeEach(() => {
    asked = [];
  });

  const over = (...rows: readonly Readonly<Record<string, unknown>>[]): Adapter => {
    const reader: SqlReader = {
      query: async (text, values) => {
        asked.push({ text, values });
        return rows;
      },
      learnArrays: () => undefined,
      close: async () => undefined,
    };
    return createSqlAdapter({ register: 'property', source, reader });
  };
  const group = (adapter: Adapter, fields: Parameters<typeof entities>[1], ...iins: readonly string[]): CallGroup => ({
    prepared: adapter.prepare(entities('Citizen', fields)),
    variables: {},
    keys: citizens(...iins),
  });
  const ask = (adapter: Adapter, ...groups: readonly CallGroup[]) =>
    adapter.read({ requestId: 'request-1', calls: someCalls(), groups, deadline: 1_000 });
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  it('cancels the other statements when one fails, and tells of its failure', async () => {
    let cancelled = 0;
    const reader: SqlReader = {
      query: (text, _, { signal }) =>
        new Promise((_resolve, reject) => {
          if (asked.push({ text, values: [] }) === 2) return reject(new RegisterFailure('property', 'sql_failed'));
          signal?.addEventListener('abort', () => {
            cancelled += 1;
            reject(RegisterFailure.cancelled('property'));
          });
        }),
      learnArrays: () => undefined,
      close: async () => undefined,
    };
    const adapter = createSqlAdapter({ register: 'property', source, reader });
    const columns = ['cadastralNumber', 'area', 'ownedSince'].map((name) =>
      group(adapter, [list('lands', 'Land', [leaf(name)])], wife.iin),
    );
    expect(await rejection(ask(adapter, ...columns))).to.include({ kind: 'failed' });
    expect([asked.length, cancelled]).to.deep.equal([3, 2]);
  });

  it('asks groups that want the same columns in one statement, each key once', async () => {
    const adapter = over({ _owner: wife.iin, kad_no: '1', pl: '2.00' });
    const { groups } = await ask(
      adapter,
      group(adapter, [LANDS], husband.iin),
      group(adapter, [leaf('iin'), LANDS], wife.iin, husband.iin),
    );
    expect(asked.map(({ values }) => values)).to.deep.equal([[[husband.iin, wife.iin], 'request-1-1']]);
    expect(plain(groups.map(({ records }) => records))).to.deep.equal([
      [{ lands: [] }],
      [
        { iin: wife.iin, lands: [{ cadastralNumber: '1', area: '2.00' }] },
        { iin: husband.iin, lands: [] },
      ],
    ]);
  });

  it('makes a value null that cannot be read, with an error in its place', async () => {
    const adapter = over({ _owner: wife.iin, kad_no: 'Қ\ufffd1', pl: '2.00' });
    const { groups } = await ask(adapter, group(adapter, [LANDS], wife.iin));
    expect(plain(groups[0]?.records)).to.deep.equal([{ lands: [{ cadastralNumber: null, area: '2.00' }] }]);
    expect(groups[0]?.errors).to.deep.equal([{ path: [0, 'lands', 0, 'cadastralNumber'], reason: 'text_invalid' }]);
  });

  it('never asks for a column in the name of a person whose group lacks it', async () => {
    const adapter = over();
    await ask(
      adapter,
      group(adapter, [LANDS], husband.iin),
      group(adapter, [list('lands', 'Land', [leaf('cadastralNumber')])], wife.iin),
    );
    const withArea = asked.filter(({ text }) => text.includes('"pl"'));
    expect(withArea.map(({ values }) => values[0])).to.deep.equal([[husband.iin]]);
  });

  it('asks nothing for keys alone', async () => {
    const adapter = over();
    const { groups } = await ask(adapter, group(adapter, [leaf('__typename'), leaf('iin', 'number')], husband.iin));
    expect(plain(groups[0]?.records)).to.deep.equal([{ __typename: 'Citizen', number: husband.iin }]);
    expect(asked).to.deep.equal([]);
  });

  it('prepares nothing that the mapping cannot serve', () => {
    const adapter = over();
    expect(() => adapter.prepare(root('citizen', 'iin', 'iin', 'Citizen', [leaf('iin')]))).to.throw(
      'has no root field',
    );
    expect(() => adapter.prepare(entities('Citizen', [leaf('salary')]))).to.throw('maps no Citizen.salary');
    expect(() => adapter.prepare(entities('Citizen', [list('lands', 'Land', [leaf('price')])]))).to.throw(
      'maps no Land.price',
    );
  });

  it('asks for no key of another type, and for none that is not text', async () => {
    const adapter = over();
    const prepared = adapter.prepare(entities('Citizen', [LANDS]));
    for (const key of [
      { __typename: 'Citizen', iin: 12 },
      { __typename: 'Dwelling', iin: husband.iin },
    ]) {
      expect(await rejection(ask(adapter, { prepared, variables: {}, keys: [key] }))).to.include({ kind: 'malformed' });
    }
    expect(asked).to.deep.equal([]);
  });
});
