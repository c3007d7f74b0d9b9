import { ownMember } from '../../schemas/objects.js';
import { keyFieldsOf, readingOf } from '../mapping/mapped-field.js';
import type { MappedColumn } from './catalogue.js';
import { compileKeyColumn } from './key-column.js';
import {
  keyColumnsOf,
  recordTableOf,
  type SqlLists,
  type SqlRecords,
  type SqlSource,
  type SqlTable,
} from './source.js';

/** Returns every column that a mapping names. Those of rows whose type only the schema says are left out. */
export function mappedColumns(source: SqlSource): readonly MappedColumn[] {
  return 'lists' in source ? ofLists(source) : ofRecords(source);
}

function ofLists({ lists }: SqlLists): readonly MappedColumn[] {
  return Object.values(lists).flatMap(({ table, owner, order, columns }) => [
    { table, column: owner.column, keyType: compileKeyColumn(owner).type },
    { table, column: order },
    ...Object.values(columns).map(({ column }) => ({ table, column })),
  ]);
}

function ofRecords(source: SqlRecords): readonly MappedColumn[] {
  const ofTypes = Object.keys(source.types).flatMap((type) => {
    const table = recordTableOf(source, type);
    const apart = Object.values(ownMember(source.types, type)?.fields ?? {}).flatMap((field) => {
      if (typeof field === 'string' || field.operation === undefined || field.type === undefined) return [];
      const rows = ownMember(source.operations ?? {}, field.operation);
      return rows === undefined ? [] : columnsOf(source, rows, field.type);
    });
    return [...(table === undefined ? [] : columnsOf(source, table, type)), ...apart];
  });
  return [...ofTypes, ...Object.values(source.operations ?? {}).flatMap((table) => keysOf(table))];
}

function columnsOf(source: SqlRecords, table: SqlTable, type: string): readonly MappedColumn[] {
  const mapped = ownMember(source.types, type);
  const keys = keyFieldsOf(mapped ?? {});
  const read = Object.entries(mapped?.fields ?? {}).flatMap(([name, field]): readonly MappedColumn[] => {
    const reading = readingOf(name, field);
    if (keys.includes(name) || reading.kind === 'apart' || reading.kind === 'not_provided') return [];
    const [column] = reading.at;
    return typeof column === 'string' ? [{ table: table.table, column }] : [];
  });
  return [...keysOf(table), ...read];
}

function keysOf({ table, key_column: keyColumn, order }: SqlTable): readonly MappedColumn[] {
  return [
    ...keyColumnsOf(keyColumn).map((key) => ({ table, column: key.column, keyType: compileKeyColumn(key).type })),
    ...(order === undefined ? [] : [{ table, column: order }]),
  ];
}
