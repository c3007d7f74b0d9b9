import type { SelectedField } from '../port.js';
import type { SqlColumn, SqlSource } from './source.js';
import { readerOf, type ReadColumn } from './column-readers.js';
import { ownMember } from '../../schemas/objects.js';

/** One list of rights as a statement: fixed text, the keys its only parameter. */
export interface ListStatement {
  readonly text: string;
  /** Response key -> how its value is read from a row. */
  readonly columns: readonly { readonly key: string; readonly name: string; readonly read: ReadColumn }[];
}

/** Column of each row that says whose it is. */
export const OWNER = '_owner';

/**
 * Compiles a selected list: only its columns are named in the statement. The cast of the keys is the
 * owner column's own type: another one would keep the index out of use. One row more than there may
 * be is asked for, to tell a full answer from one that is too large. Throws for what is not mapped.
 */
export function compileStatement(source: SqlSource, field: SelectedField): ListStatement {
  const list = ownMember(source.lists, field.name);
  if (list === undefined) throw new Error(`source.yaml maps no ${field.parentType}.${field.name}`);
  const columns = field.fields
    .filter(({ name }) => name !== '__typename')
    .map(({ name, responseKey }) => ({ responseKey, column: columnOf(list.columns, field, name) }));
  const named = [...new Set(columns.map(({ column }) => column.column))].map(quoted);
  const text = `SELECT ${[`${quoted(list.owner.column)} AS "${OWNER}"`, ...named].join(', ')} FROM ${quoted(list.table)} WHERE ${quoted(list.owner.column)} = ANY ($1::${list.owner.type}[]) ORDER BY ${quoted(list.order)} LIMIT ${source.max_rows + 1}`;
  return {
    text,
    columns: columns.map(({ responseKey, column }) => ({
      key: responseKey,
      name: column.column,
      read: readerOf(column),
    })),
  };
}

function columnOf(columns: Readonly<Record<string, SqlColumn>>, field: SelectedField, name: string): SqlColumn {
  const column = ownMember(columns, name);
  if (column === undefined) throw new Error(`source.yaml maps no ${field.type}.${name}`);
  return column;
}

/** PostgreSQL manual, section 4.1.1: quoted identifiers, inner quotes doubled. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
