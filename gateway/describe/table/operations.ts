import { keyColumn } from '../../../adapters/sql/key-column.js';
import type { OperationDescription, ParameterDescription, Said, YamlObject } from '../description.js';
import type { CatalogueColumn, CatalogueTable } from './catalogue.js';
import { argumentOf, isPersonal, placeOf, recordOf, type ColumnRules } from './columns.js';

/**
 * Describes how a table is asked: its records by their key, and rows by each other column that an index begins with.
 * Without an index every question would read the whole table.
 */
export function operationsOf(table: CatalogueTable, rules: ColumnRules): readonly OperationDescription[] {
  const record = recordOf(table, rules);
  const key = keyOf(table, rules);
  const said = saidOf(table, rules);
  const common = { place: placeOf(table), title: table.comment ?? undefined };
  const byKey: readonly OperationDescription[] =
    key === undefined
      ? []
      : [
          {
            ...common,
            name: table.name,
            parameters: key.map((column) => parameterOf(table, column, rules)),
            answer: record,
            entity: {
              key: key.map(({ name }) => ({ parameter: name, member: name })),
              by: 'read',
              ...(key.length === 1 ? { source: asked(table, key, rules) } : {}),
            },
            asked: key.length === 1 ? {} : asked(table, key, rules),
            said,
          },
        ];
  const order = key?.length === 1 ? key[0]?.name : undefined;
  const byColumn = columnsNamed(table, table.indexed)
    .filter((column) => isKeyType(column) && !(key?.length === 1 && key[0] === column))
    .map((column) => ({
      ...common,
      name: `${table.name}_by_${column.name}`,
      parameters: [parameterOf(table, column, rules)],
      answer: { kind: 'list', of: record } as const,
      asked: { ...asked(table, [column], rules), ...(order === undefined ? {} : { order }) },
      said,
    }));
  const operations = [...byKey, ...byColumn];
  return operations.length > 0 ? operations : [refused(table)];
}

function refused(table: CatalogueTable): OperationDescription {
  const why = 'no index begins with a column that can be a key: each question would read the whole table';
  return { name: table.name, place: placeOf(table), refused: why, parameters: [], asked: {}, said: [] };
}

/** The columns of the first unique index that can be a key, one that identifies a person before others. */
function keyOf(table: CatalogueTable, { personal }: ColumnRules): readonly CatalogueColumn[] | undefined {
  const keys = table.uniques
    .map((names) => columnsNamed(table, names))
    .filter((columns, place) => columns.length === table.uniques[place]?.length && columns.every(isKeyType));
  return keys.find((columns) => columns.some((column) => isPersonal(column, personal))) ?? keys[0];
}

function columnsNamed(table: CatalogueTable, names: readonly string[]): readonly CatalogueColumn[] {
  return names.flatMap((name) => table.columns.find((column) => column.name === name) ?? []);
}

function isKeyType({ type, isArray }: CatalogueColumn): boolean {
  return !isArray && keyColumn.shape.type.safeParse(type).success;
}

function parameterOf(table: CatalogueTable, column: CatalogueColumn, rules: ColumnRules): ParameterDescription {
  return {
    name: column.name,
    placeholder: column.name,
    in: 'column',
    required: true,
    shape: argumentOf(table, column, rules),
    isPersonal: isPersonal(column, rules.personal),
    place: placeOf(table, column.name),
  };
}

function asked({ schema, name }: CatalogueTable, columns: readonly CatalogueColumn[], rules: ColumnRules): YamlObject {
  const keys = columns.map((column): YamlObject => {
    const isNumber = isPersonal(column, rules.personal) && ['int4', 'int8', 'numeric'].includes(column.type);
    return { column: column.name, type: column.type, ...(isNumber ? { digits: 12 } : {}) };
  });
  return { table: [schema, name], key_column: keys.length === 1 && keys[0] ? keys[0] : keys };
}

function saidOf(table: CatalogueTable, { timeZone }: ColumnRules): readonly Said[] {
  const said: Said[] = [];
  for (const { name, type } of table.columns) {
    const place = placeOf(table, name);
    if (type === 'timestamp' && timeZone === undefined)
      said.push({
        place,
        message: 'a time without its zone, written as text: --constant time_zone=Asia/Almaty makes it a moment',
      });
    if (type === 'float4' || type === 'float8')
      said.push({ place, message: 'a binary number: its last digits may not be those that were entered' });
    if (type === 'money') said.push({ place, message: 'a text in the form of the database’s locale' });
  }
  if (table.isView)
    said.push({
      place: placeOf(table),
      message: 'a view: that its key is unique and indexed is taken from the tables that it reads',
    });
  return said;
}
