import type { RegisterDescription } from '../description.js';
import { parseExactJson } from '../../../schemas/json/exact-json.js';
import { isObject } from '../../../schemas/objects.js';
import { JsonInvalid } from '../../../schemas/json/strict-json.js';
import { DocumentFault, type DatabaseReader, type DocumentFile } from '../reader.js';
import { readCatalogue } from './catalogue.js';
import type { ExampleRow } from './columns.js';
import { operationsOf } from './operations.js';

/** Describes a table or view, or all of a schema, from the catalogue of a live PostgreSQL. No row is read. */
export const tableReader: DatabaseReader = {
  kind: 'table',
  read: async ({ source, databaseUrl, personal, constants, examples }): Promise<RegisterDescription> => {
    const { settings, tables } = await readCatalogue(source, databaseUrl);
    const rules = { personal, timeZone: constants.get('time_zone'), examples: examples.map(rowOf) };
    return {
      source: { protocol: 'sql' },
      settings: { protocol: 'sql', ...settings, password_file: 'FILE' },
      operations: tables.flatMap((table) => operationsOf(table, rules)),
      said: [],
    };
  },
};

/** Reads an example of a row. */
function rowOf({ file, bytes }: DocumentFile): ExampleRow {
  try {
    const row = parseExactJson(Buffer.from(bytes).toString('utf8'));
    if (isObject(row)) return { file, row };
  } catch (error) {
    if (!(error instanceof JsonInvalid)) throw error;
  }
  throw new DocumentFault(file, 'is no row: an object of JSON whose members are columns');
}
