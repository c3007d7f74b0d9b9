import {
  outlineOfRoots,
  outlineOfTypes,
  type FieldOutline,
  type MappingOutline,
  type TypeOutline,
} from '../mapping/check/outline.js';
import type { TransformName } from '../mapping/transforms/transform.js';
import type { SqlColumn, SqlLists, SqlSourceFile } from './source.js';

/** The transform that gives the same as a column is read as. */
const SAME: Readonly<Record<Exclude<SqlColumn['as'], 'code'>, TransformName>> = {
  text: 'trim',
  decimal: 'decimal',
  integer: 'integer',
  date_yyyymmdd: 'date',
};

/** Returns what the mapping says of the register's schema. Undefined if neither of its forms is there. */
export function outlineOfSql({
  types,
  roots = {},
  entity,
  lists = {},
}: Partial<SqlSourceFile>): MappingOutline | undefined {
  if (types !== undefined)
    return {
      types: outlineOfTypes(types),
      roots: outlineOfRoots(roots),
      at: { types: ['types'], roots: ['roots'] },
    };
  if (entity === undefined) return undefined;
  const at = { types: ['entity'], roots: ['roots'] };
  return { types: [outlineOfLists(entity, lists)], roots: [], at };
}

/** An entity with its key, and lists whose items are rows. */
function outlineOfLists({ type, key }: SqlLists['entity'], lists: SqlLists['lists']): TypeOutline {
  const keyAt = ['entity', 'key'];
  const none = { arguments: [], mayUseMore: false };
  const keyField: FieldOutline = {
    name: key,
    at: keyAt,
    reads: { kind: 'leaf', transforms: [], isOneOrMany: false },
    ...none,
  };
  const fields = Object.entries(lists).map(([name, { columns }]): FieldOutline => {
    const fieldsAt = ['lists', name, 'columns'];
    const inline = Object.entries(columns).map(([column, read]) => columnOutline(column, read, [...fieldsAt, column]));
    return { name, at: ['lists', name], reads: { kind: 'inline', fields: inline, fieldsAt }, ...none };
  });
  return { name: type, at: ['entity', 'type'], key: [key], keyAt, fields: [keyField, ...fields], fieldsAt: ['lists'] };
}

function columnOutline(name: string, column: SqlColumn, at: FieldOutline['at']): FieldOutline {
  const transform = column.as === 'code' ? { as: 'code' as const, codes: column.codes } : { as: SAME[column.as] };
  return {
    name,
    at,
    reads: { kind: 'leaf', transforms: [transform], isOneOrMany: false },
    arguments: [],
    mayUseMore: false,
  };
}
