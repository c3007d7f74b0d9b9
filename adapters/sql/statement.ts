import type { SelectedField } from '../port.js';
import type { SqlColumn, SqlSource } from './source.js';
import { carriesCallId } from '../call-id.js';
import { readerOf, type ReadColumn } from './column-readers.js';
import { ownMember } from '../../schemas/objects.js';

/**
 * A statement that reads one list of rights. Its text is fixed. The first parameter are the keys. The second, unless the
 * mapping says `call_id: none`, is the id of the call: it changes nothing in the result, and the server's log shows it.
 */
export interface ListStatement {
  readonly text: string;
  /** By response key: how its value is read from a row. */
  readonly columns: readonly { readonly key: string; readonly name: string; readonly read: ReadColumn }[];
}

/**
 * True for every id. The server folds it into a constant when it plans, so that it changes no plan. An id in the text
 * would make each statement another one, for the statistics of the server and for its log.
 */
const CALL_ID_CONDITION = ' AND $2::text IS NOT NULL';

/** Column of each row with its owner. */
export const OWNER = '_owner';

/**
 * Compiles a selected list. The statement names only the selected columns. It casts the keys to the type of the owner
 * column: with another type the database would not use the index. It requests one row more than the limit, to tell a full
 * answer from one that is too large. Throws for a field that is not mapped.
 */
export function compileStatement(source: SqlSource, field: SelectedField): ListStatement {
  const list = ownMember(source.lists, field.name);
  if (list === undefined) throw new Error(`source.yaml maps no ${field.parentType}.${field.name}`);
  const columns = field.fields
    .filter(({ name }) => name !== '__typename')
    .map(({ name, responseKey }) => ({ responseKey, column: columnOf(list.columns, field, name) }));
  const named = [...new Set(columns.map(({ column }) => column.column))].map(quoted);
  const text = `SELECT ${[`${quoted(list.owner.column)} AS "${OWNER}"`, ...named].join(', ')} FROM ${quoted(list.table)} WHERE ${quoted(list.owner.column)} = ANY ($1::${list.owner.type}[])${carriesCallId(source) ? CALL_ID_CONDITION : ''} ORDER BY ${quoted(list.order)} LIMIT ${source.max_rows + 1}`;
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

/** Quotes an identifier (PostgreSQL manual, section 4.1.1): inner quotes are doubled. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
