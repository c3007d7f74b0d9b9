import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { formOf, sqlSource, type SqlRecords } from '../../../adapters/sql/source.js';
import { createSqlReader, type SqlReader } from '../../../adapters/sql/reader/sql-reader.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { runningClock } from '../../doubles.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';

/** Two persons of `legacy-people.sql`: one with everything, one with hardly anything. */
export const WHOLE = '010203590013';
export const BARE = '930122390012';
export const NO_ONE = '850506390012';

/** A mapping that says every column of `legacy-people.sql`. */
export const MAPPING = `
protocol: sql
max_rows: 100
types:
  Citizen:
    key: iin
    table: [REESTR, FIZ_LICA_V]
    key_column: { column: IIN, type: int8 }
    fields:
      iin: { at: IIN, as: digits, length: 12 }
      lastName: FAM
      firstName: IM
      birth: dr
      isAlive: zhiv
      updated: { at: obnovleno, as: instant, zone: Asia/Almaty }
      changed: izmeneno
      income: { at: dohod, as: decimal }
      phones: telefony
      mainPhone: { at: telefony, as: first }
      documentKind: { at: [dokument, vid], as: code, codes: { UL: IDENTITY_CARD, PASP: PASSPORT } }
      document: { at: dokument, type: Document }
      sex: { at: pol, as: code, codes: { '1': MALE, '2': FEMALE, ' ': null } }
      districtCode: kod_rajona
      district: rajon
      addresses: { operation: addresses, type: Address }
  Document:
    fields: { kind: vid, number: nomer }
  Address:
    fields: { text: adres, since: s, until: po }
  District:
    key: code
    table: [REESTR, RAJONY]
    key_column: { column: kod, type: int4 }
    fields: { code: kod, name: nazvanie }
operations:
  addresses:
    table: [REESTR, adresa]
    key_column: { column: iin_vladelca, type: int8 }
    order: id
roots:
  citizen: iin
  district: code
  addressesOf: { operation: addresses, arguments: { iin_vladelca: iin } }
`;

export function legacySource(text = MAPPING): SqlRecords {
  const source = formOf(sqlSource.parse(parse(text)));
  if ('lists' in source) throw new Error('not a mapping of records');
  return source;
}

export interface LegacyPeople {
  readonly database: TestDatabase;
  readonly reader: SqlReader;
  close(): Promise<void>;
}

/** Opens a database with `legacy-people.sql`, which the reader's role may only read. */
export async function openLegacyPeople(): Promise<LegacyPeople> {
  const database = await openTestDatabase();
  const file = join(packageRoot(), 'tests', 'conformance', 'vendor', 'sql', 'legacy-people.sql');
  await database.ownerSql.query(readFileSync(file, 'utf8'));
  await database.ownerSql.query('GRANT USAGE ON SCHEMA "REESTR" TO tereze_runtime');
  await database.ownerSql.query('GRANT SELECT ON ALL TABLES IN SCHEMA "REESTR" TO tereze_runtime');
  const reader = createSqlReader({
    register: 'people',
    ...database.settings.runtime,
    maxConnections: 4,
    maxResponseBytes: 100_000,
    timeoutMs: 5_000,
    clock: runningClock(),
  });
  return {
    database,
    reader,
    close: async () => {
      await reader.close();
      await database.close();
    },
  };
}
