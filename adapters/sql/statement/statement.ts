import type { SelectedField } from '../../port.js';
import type { SqlColumn, SqlLists } from '../source.js';
import { carriesCallId } from '../../call-id.js';
import { ownMember } from '../../../schemas/objects.js';
import { readerOf, type ReadColumn } from './column-readers.js';
import { quoted } from '../identifier.js';
import { compileKeyColumn, type KeyColumn } from '../key-column.js';
import { readStatement } from './read-statement.js';

/** A statement that reads one list of rights, with columns that have transforms of their own. */
export interface ListStatement {
  readonly text: string;
  readonly keys: readonly KeyColumn[];
  /** By response key: how its value is read from a row. */
  readonly columns: readonly { readonly key: string; readonly name: string; readonly read: ReadColumn }[];
}

/** Compiles a selected list. The statement names only the selected columns. Throws for a field that is not mapped. */
export function compileStatement(source: SqlLists, field: SelectedField): ListStatement {
  const list = ownMember(source.lists, field.name);
  if (list === undefined) throw new Error(`source.yaml maps no ${field.parentType}.${field.name}`);
  const columns = field.fields
    .filter(({ name }) => name !== '__typename')
    .map(({ name, responseKey }) => ({ responseKey, column: columnOf(list.columns, field, name) }));
  const keys = [compileKeyColumn(list.owner)];
  return {
    text: readStatement({
      table: list.table,
      keys,
      columns: [...new Set(columns.map(({ column }) => column.column))].map(quoted),
      order: list.order,
      maxRows: source.max_rows,
      carriesId: carriesCallId(source),
    }),
    keys,
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
