import type { SelectedField } from '../../port.js';
import { bareObject } from '../../../schemas/objects.js';
import type { FieldPart, PreparedType } from './prepared-type.js';
import type { SqlLists } from '../source.js';
import type { Row } from '../reader/sql-reader.js';
import { compileStatement, type ListStatement } from '../statement/statement.js';

/**
 * Compiles the selected fields of the entity of a mapping with `entity` and `lists`. The register has no table of
 * persons, so that a person without rights has empty lists. Throws for a field that is not mapped.
 */
export function prepareLists(source: SqlLists, type: string, selected: readonly SelectedField[]): PreparedType {
  const { entity } = source;
  const isOfKey = ({ name }: SelectedField): boolean => name === '__typename' || name === entity.key;
  return {
    type,
    keyNames: [entity.key],
    takesNumbers: false,
    ofKey: selected.filter(isOfKey),
    record: undefined,
    fields: selected.filter((field) => !isOfKey(field)).map((field) => listPart(source, field)),
  };
}

function listPart(source: SqlLists, field: SelectedField): FieldPart {
  const statement = compileStatement(source, field);
  return {
    responseKey: field.responseKey,
    statement: { text: statement.text, keys: statement.keys, isTyped: false },
    isList: true,
    findBeyond: undefined,
    converted: [],
    read: (row, onFault) => rightOf(row, field, statement, (key) => onFault([key], 'text_invalid')),
  };
}

function rightOf(
  row: Row,
  field: SelectedField,
  { columns }: ListStatement,
  onIllegible: (key: string) => void,
): Record<string, unknown> {
  const right = bareObject();
  for (const { name, responseKey } of field.fields) if (name === '__typename') right[responseKey] = field.type;
  for (const { key, name, read } of columns) {
    const legible = isLegible(row[name]);
    right[key] = legible ? read(row[name]) : null;
    if (!legible) onIllegible(key);
  }
  return right;
}

/**
 * A database without an encoding (SQL_ASCII) sends any bytes. The driver replaces those that are no UTF-8 by U+FFFD.
 */
export function isLegible(value: unknown): boolean {
  return typeof value !== 'string' || !value.includes('\ufffd');
}
