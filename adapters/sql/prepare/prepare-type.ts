import type { SelectedField } from '../../port.js';
import { ownMember } from '../../../schemas/objects.js';
import { keyFieldsOf, transformsOf } from '../../mapping/mapped-field.js';
import type { KeyColumnSource } from '../key-column.js';
import { prepareLists } from './prepare-lists.js';
import type { FieldPart, PreparedType } from './prepared-type.js';
import { keyColumnsOf, recordTableOf, type SqlRecords, type SqlSource, type SqlTable } from '../source.js';
import { tablePart } from './table-part.js';

/** Compiles the selected fields of an entity type. Throws if the mapping cannot serve them. */
export function prepareType(
  register: string,
  source: SqlSource,
  type: string,
  selected: readonly SelectedField[],
): PreparedType {
  if ('lists' in source) return prepareLists(source, type, selected);
  const keyNames = keyFieldsOf(ownMember(source.types, type) ?? { fields: {} });
  if (keyNames.length === 0) throw new Error(`source.yaml of ${register} has no key of ${type}`);
  const apart = selected.filter((field) => operationOf(source, type, field) !== undefined);
  const ofKey = selected.filter(({ name }) => name === '__typename' || keyNames.includes(name));
  const inRecord = selected.filter((field) => !apart.includes(field) && !ofKey.includes(field));
  const table = recordTableOf(source, type);
  if (table === undefined && inRecord.length > 0)
    throw new Error(`source.yaml of ${register} has no table of ${type}, which ${inRecord[0]?.name} needs`);
  // Without a table, every key has a record: its fields are lists of rows in other tables.
  const readsRecord = table !== undefined && (inRecord.length > 0 || apart.length === 0);
  return {
    type,
    keyNames,
    takesNumbers: true,
    ofKey,
    record: readsRecord ? tablePart(source, withDigits(source, type, table), type, inRecord, false) : undefined,
    fields: apart.map((field) => fieldPart(source, type, field)),
  };
}

/** A key has as many digits as its mapping writes. */
function withDigits(source: SqlRecords, type: string, table: SqlTable): SqlTable {
  const mapped = ownMember(source.types, type);
  const names = keyFieldsOf(mapped ?? {});
  const columns = keyColumnsOf(table.key_column).map((column, place): KeyColumnSource => {
    const field = ownMember(mapped?.fields ?? {}, names[place] ?? '');
    const written = field === undefined ? undefined : transformsOf(field).find(({ as }) => as === 'digits');
    return { ...column, digits: column.digits ?? written?.length };
  });
  return { ...table, key_column: columns };
}

function fieldPart(source: SqlRecords, type: string, field: SelectedField): FieldPart {
  const mapped = operationOf(source, type, field);
  if (mapped === undefined) throw new Error(`source.yaml maps no ${type}.${field.name}`);
  const table = operationTable(source, mapped.operation);
  if (keyColumnsOf(table.key_column).length !== keyFieldsOf(ownMember(source.types, type) ?? {}).length)
    throw new Error(`source.yaml maps ${type}.${field.name} to an operation with another number of key columns`);
  const part = tablePart(source, table, mapped.type ?? field.type, field.fields, field.list);
  return { ...part, responseKey: field.responseKey };
}

/** Returns the mapping of a field that is in another table than the record. */
function operationOf(source: SqlRecords, type: string, field: SelectedField) {
  const mapped = ownMember(ownMember(source.types, type)?.fields ?? {}, field.name);
  if (typeof mapped !== 'object' || mapped.operation === undefined) return undefined;
  return { operation: mapped.operation, type: mapped.type };
}

/** Returns the table that has the records of a type. Throws if the mapping names none. */
export function tableOf(source: SqlRecords, type: string): SqlTable {
  const table = recordTableOf(source, type);
  if (table === undefined) throw new Error(`source.yaml names no table of ${type}`);
  return withDigits(source, type, table);
}

/** Returns the table of an operation. Throws for one that is not mapped. */
export function operationTable(source: SqlRecords, name: string): SqlTable {
  const table = ownMember(source.operations ?? {}, name);
  if (table === undefined) throw new Error(`source.yaml has no operation ${name}`);
  return table;
}
