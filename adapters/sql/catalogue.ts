import type { Drift } from '../drift.js';
import type { TableName } from './identifier.js';
import type { KeyType } from './key-column.js';
import type { Row } from './reader/sql-reader.js';

/** A column that a mapping names, and its type if it is one of a key. */
export interface MappedColumn {
  readonly table: TableName;
  readonly column: string;
  readonly keyType?: KeyType | undefined;
}

/**
 * Reads the columns of tables and views, with their types (those of domains resolved), whether this role may read them,
 * and whether an index begins with them. Parameters: schemas and names of the tables, in the same order.
 */
export const CATALOGUE_STATEMENT = `
SELECT n.nspname AS schema, c.relname AS "table", c.relkind IN ('v', 'm', 'f') AS "isView", a.attname AS "column",
  format_type(COALESCE(NULLIF(t.typbasetype, 0), t.oid), NULL) AS type, t.typname AS name,
  has_column_privilege(c.oid, a.attnum, 'SELECT') AS "isReadable",
  EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indkey[0] = a.attnum) AS "isIndexed",
  a.atttypid AS oid, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END AS element
FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
JOIN pg_namespace n ON n.nspname = wanted.schema
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid`;

/** Returns the parameters of {@link CATALOGUE_STATEMENT}. */
export function catalogueValues(columns: readonly MappedColumn[]): readonly (readonly string[])[] {
  const tables = new Map(columns.map(({ table }) => [placeOf(table), schemaAndName(table)]));
  return [[...tables.values()].map(([schema]) => schema), [...tables.values()].map(([, name]) => name)];
}

const TYPE_NAMES: Readonly<Record<KeyType, string>> = {
  bpchar: 'character',
  varchar: 'character varying',
  text: 'text',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  numeric: 'numeric',
  uuid: 'uuid',
  date: 'date',
};

/** A database may define types of any name: only those that mappings have are told. */
function typeName(type: string): string {
  return Object.values(TYPE_NAMES).includes(type) ? type : 'another';
}

/** Compares the mapped columns with the rows of {@link CATALOGUE_STATEMENT}, typed. */
export function driftOf(columns: readonly MappedColumn[], rows: readonly Row[]): readonly Drift[] {
  const tables = new Set(rows.map((row) => placeOf([String(row['schema']), String(row['table'])])));
  const byPlace = new Map(
    rows.map((row) => [placeOf([String(row['schema']), String(row['table'])], String(row['column'])), row]),
  );
  const found = columns.flatMap(({ table, column, keyType }): readonly Drift[] => {
    if (!tables.has(placeOf(table))) return [{ place: placeOf(table), found: 'no_table' }];
    const place = placeOf(table, column);
    const row = byPlace.get(place);
    if (row === undefined) return [{ place, found: 'no_column' }];
    if (row['isReadable'] !== true) return [{ place, found: 'no_privilege' }];
    if (keyType === undefined) return [];
    if (row['type'] !== TYPE_NAMES[keyType])
      return [{ place, found: 'other_type', type: typeName(String(row['type'])) }];
    return row['isView'] === true || row['isIndexed'] === true ? [] : [{ place, found: 'no_index' }];
  });
  return [...new Map(found.map((one) => [`${one.place} ${one.found}`, one])).values()];
}

/** Returns the types of arrays that the columns have, with those of their elements. */
export function arrayTypes(rows: readonly Row[]): ReadonlyMap<number, number> {
  const arrays = rows.map((row) => [Number(row['oid']), Number(row['element'])] as const);
  return new Map(arrays.filter(([, element]) => element > 0));
}

function placeOf(table: TableName, ...column: readonly string[]): string {
  return [...schemaAndName(table), ...column].join('.');
}

function schemaAndName(table: TableName): readonly [string, string] {
  return typeof table === 'string' ? ['public', table] : table;
}
