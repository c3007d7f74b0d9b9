import { z } from 'zod';
import { callIdSource } from '../call-id.js';
import { keyFieldsOf, mappedField, mappedTypes, recordKey } from '../mapping/mapped-field.js';
import { ownMember } from '../../schemas/objects.js';
import { sqlName, tableName } from './identifier.js';
import { keyColumn, type KeyColumnSource } from './key-column.js';

const sqlColumn = z.discriminatedUnion('as', [
  z.strictObject({ column: sqlName, as: z.enum(['text', 'decimal', 'integer', 'date_yyyymmdd']) }),
  z.strictObject({ column: sqlName, as: z.literal('code'), codes: z.record(z.string(), z.string()) }),
]);

/** Lists of rights by the number of their owner, with transforms of their own. */
const sqlList = z.strictObject({
  table: tableName,
  /** Column of the owner's number. Its type decides the cast, so that the database can use its index. */
  owner: keyColumn,
  order: sqlName,
  columns: z.record(z.string(), sqlColumn),
});

const keyColumns = z.union([keyColumn, z.array(keyColumn).min(1)]);

/** A table or view, or part of one, that has rows for a key. */
const sqlTable = z.strictObject({
  table: tableName.describe('Table or view: its name in the schema public, or [schema, table].'),
  key_column: keyColumns.describe('Column of the key; one for each field of a composite key, in their order.'),
  order: sqlName.optional().describe('Column that the rows of a list are ordered by.'),
});

const operationName = z.string().min(1);

const root = z.union([
  z.string().min(1).describe('The argument that holds the key, or a list of keys.'),
  z.array(z.string().min(1)).min(1).describe('The arguments that hold the parts of a composite key.'),
  z.strictObject({
    operation: operationName.describe('The operation whose rows it answers with.'),
    arguments: z
      .record(z.string(), z.string())
      .default({})
      .describe('The argument of the field for each key column of the operation, by its `name`.'),
  }),
]);

/** Where the records of a type are. */
const recordTable = {
  table: sqlTable.shape.table.optional(),
  key_column: keyColumns.optional(),
  read: operationName.optional().describe('The operation whose rows are the records of the type, instead of a table.'),
  batch: operationName.optional().describe('The same as `read`: an operation reads one key or many.'),
};

/** `source.yaml` of a register that is a PostgreSQL database. */
export const sqlSource = z
  .strictObject({
    protocol: z.literal('sql'),
    ...callIdSource,
    max_rows: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(50_000)
      .describe('Limit of the rows of one statement. A longer answer is refused with `row_limit`.'),
    types: mappedTypes(recordKey, mappedField, recordTable).optional(),
    operations: z
      .record(z.string(), sqlTable)
      .optional()
      .describe('Tables that are read apart from the records, by the names that fields and roots use.'),
    roots: z.record(z.string(), root).optional().describe('Root fields.'),
    entity: z
      .strictObject({ type: z.string(), key: z.string() })
      .optional()
      .describe('With `lists`: the type whose fields are lists of rights. Every number is a person with lists.'),
    lists: z.record(z.string(), sqlList).optional().describe('Lists of rights by the number of their owner.'),
  })
  .superRefine((source, context) => {
    for (const { message, path } of sourceFaults(source))
      context.addIssue({ code: 'custom', message, path: [...path] });
  });

export type SqlSourceFile = z.output<typeof sqlSource>;
type Common = Pick<SqlSourceFile, 'protocol' | 'call_id' | 'max_rows'>;

/** A mapping of lists of rights, without a table of persons. */
export interface SqlLists extends Common {
  readonly entity: NonNullable<SqlSourceFile['entity']>;
  readonly lists: NonNullable<SqlSourceFile['lists']>;
}

/** A mapping of records in tables. */
export interface SqlRecords extends Common {
  readonly types: NonNullable<SqlSourceFile['types']>;
  readonly operations?: SqlSourceFile['operations'];
  readonly roots?: SqlSourceFile['roots'];
}

export type SqlSource = SqlLists | SqlRecords;
export type SqlTable = z.output<typeof sqlTable>;
export type SqlColumn = z.output<typeof sqlColumn>;
export type SqlRoot = z.output<typeof root>;

/** Returns the mapping in the one of its two forms that it is in. The schema allows no third. */
export function formOf({ entity, lists, types, operations, roots, ...common }: SqlSourceFile): SqlSource {
  if (entity !== undefined && lists !== undefined) return { ...common, entity, lists };
  return { ...common, types: types ?? {}, operations, roots };
}

/** Returns the columns of a key, in their order. */
export function keyColumnsOf(given: SqlTable['key_column']): readonly KeyColumnSource[] {
  return Array.isArray(given) ? given : [given];
}

/** Returns the table with the records of a type; undefined if the type has none. */
export function recordTableOf(source: Pick<SqlRecords, 'types' | 'operations'>, type: string): SqlTable | undefined {
  const mapped = ownMember(source.types, type);
  const operation = mapped?.read ?? mapped?.batch;
  if (mapped === undefined) return undefined;
  if (operation !== undefined) return ownMember(source.operations ?? {}, operation);
  const { table, key_column: keyColumn } = mapped;
  return table === undefined || keyColumn === undefined ? undefined : { table, key_column: keyColumn };
}

interface Fault {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

function sourceFaults(source: SqlSourceFile): readonly Fault[] {
  const { entity, lists, types, operations = {}, roots = {} } = source;
  if (types === undefined) {
    if (entity !== undefined && lists !== undefined) return [];
    return [{ message: 'is missing: write types, or entity and lists', path: ['types'] }];
  }
  const old = (['entity', 'lists'] as const).find((name) => source[name] !== undefined);
  if (old !== undefined) return [{ message: 'stands beside types: write it as an operation', path: [old] }];
  const unknown = (name: string): string => `names the operation ${name}, which is not there`;
  const ofTypes = Object.entries(types).flatMap(([type, mapped]): readonly Fault[] => {
    const path = ['types', type];
    const isNamed = (name: string): boolean => Object.hasOwn(operations, name);
    const asked = (['read', 'batch'] as const).filter((by) => mapped[by] !== undefined);
    const missing = asked.filter((by) => !isNamed(mapped[by] ?? ''));
    const apart = Object.entries(mapped.fields).flatMap(([name, field]): readonly Fault[] => {
      if (typeof field === 'string' || field.operation === undefined || isNamed(field.operation)) return [];
      return [{ message: unknown(field.operation), path: [...path, 'fields', name, 'operation'] }];
    });
    return [
      ...missing.map((by) => ({ message: unknown(mapped[by] ?? ''), path: [...path, by] })),
      ...apart,
      ...recordFaults(source, type, path),
    ];
  });
  const ofRoots = Object.entries(roots).flatMap(([name, given]): readonly Fault[] => {
    if (typeof given === 'string' || Array.isArray(given)) return [];
    const operation = ownMember(operations, given.operation);
    if (operation === undefined) return [{ message: unknown(given.operation), path: ['roots', name, 'operation'] }];
    return keyColumnsOf(operation.key_column)
      .map((column) => column.name ?? column.column)
      .filter((column) => !Object.hasOwn(given.arguments, column))
      .map((column) => ({
        message: `lacks ${column}, a key column of ${given.operation}: write the argument that holds it`,
        path: ['roots', name, 'arguments'],
      }));
  });
  return [...ofTypes, ...ofRoots];
}

function recordFaults(source: SqlSourceFile, type: string, path: readonly string[]): readonly Fault[] {
  const mapped = ownMember(source.types ?? {}, type);
  if (mapped === undefined) return [];
  const { table, key_column: keyColumn, read, batch } = mapped;
  if (table !== undefined && (read ?? batch) !== undefined)
    return [{ message: 'stands beside an operation: write one of them', path: [...path, 'table'] }];
  if ((table === undefined) !== (keyColumn === undefined))
    return [
      table === undefined
        ? { message: 'is the column of a table: write table, too', path: [...path, 'key_column'] }
        : { message: 'needs key_column: the column of the key, with its type', path: [...path, 'table'] },
    ];
  const record = recordTableOf({ types: source.types ?? {}, operations: source.operations }, type);
  const keys = keyFieldsOf(mapped).length;
  const columns = record === undefined ? keys : keyColumnsOf(record.key_column).length;
  if (columns === keys) return [];
  return [
    { message: `has ${keys} fields of the key, and the table has ${columns} columns of it`, path: [...path, 'key'] },
  ];
}
