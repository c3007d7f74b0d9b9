import type { SelectedField } from '../../port.js';
import { carriesCallId } from '../../call-id.js';
import { ownMember } from '../../../schemas/objects.js';
import { compileRecord } from '../../mapping/compile-record.js';
import { transformsOf } from '../../mapping/mapped-field.js';
import { compileUnread } from '../../mapping/unread.js';
import { compileColumns, type ColumnPath } from './columns.js';
import { ILLEGIBLE } from '../reader/decode-value.js';
import { compileKeyColumn } from '../key-column.js';
import type { OnFault, TablePart } from './prepared-type.js';
import { readStatement } from '../statement/read-statement.js';
import { keyColumnsOf, type SqlRecords, type SqlTable } from '../source.js';
import type { Row } from '../reader/sql-reader.js';

/** Compiles the selected fields of the rows of a table. Throws for a field that is not mapped. */
export function tablePart(
  source: SqlRecords,
  { table, key_column: keyColumn, order }: SqlTable,
  type: string,
  selected: readonly SelectedField[],
  isList: boolean,
): TablePart {
  const { types } = source;
  const keys = keyColumnsOf(keyColumn).map(compileKeyColumn);
  const { read, converted } = compileRecord(types, type, selected);
  const unread = compileUnread(types, type, selected);
  const columns = compileColumns(selected.flatMap((field) => pathsOf(types, type, field)));
  const text = readStatement({
    table,
    keys,
    columns: columns.expressions,
    order,
    maxRows: source.max_rows,
    carriesId: carriesCallId(source),
  });
  return {
    statement: { text, keys, isTyped: true },
    isList,
    findBeyond: selected.some((field) => isWhole(types, type, field))
      ? (row, into) => into.find(columns.recordOf(row), unread)
      : undefined,
    converted,
    read: (row, onFault) => read(columns.recordOf(row), hasIllegible(row) ? sayingIllegible(onFault) : onFault),
  };
}

/**
 * Returns the paths that the database follows for a field. Where a list is on the way, it cannot follow the rest: then
 * the whole column is read.
 */
function pathsOf(types: SqlRecords['types'], type: string, field: SelectedField): readonly ColumnPath[] {
  const { paths } = compileRecord(types, type, [field]);
  const columns = isWhole(types, type, field) ? paths.map((path) => path.slice(0, 1)) : paths;
  if (columns.some(([column]) => typeof column !== 'string'))
    throw new Error(`source.yaml maps ${type}.${field.name} to no column: a path begins with the name of one`);
  return columns;
}

/** Whether a list may be on the way to a field, or to one below it. */
function isWhole(types: SqlRecords['types'], type: string, field: SelectedField): boolean {
  const given = ownMember(ownMember(types, type)?.fields ?? {}, field.name);
  const takesList = given !== undefined && transformsOf(given).some(({ as }) => as === 'first' || as === 'join');
  const isBelow = (below: SelectedField): boolean => isWhole(types, below.parentType, below);
  return field.list || takesList || field.fields.some(isBelow);
}

function hasIllegible(row: Row): boolean {
  return Object.values(row).includes(ILLEGIBLE);
}

function sayingIllegible(onFault: OnFault): OnFault {
  return (path, reason) => onFault(path, reason === 'value_type' ? 'text_invalid' : reason);
}
