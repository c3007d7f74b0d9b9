import type { ListBound } from '../../../schemas/catalogue/governance.js';
import { isOn } from '../gate/granted-fields.js';
import { argumentValues } from '../reads/subgraph-operation.js';
import { concreteType, type ReadField, type ReadSelection } from '../reads/read-field.js';
import { recordNote, type RecordNote } from '../data/annotations.js';
import type { DataObject } from '../data/data-object.js';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import { isObject } from '../../../schemas/objects.js';

/** The note on each record whose lists were trimmed. The note is reported at the record's place in the answer. */
export type TrimmedRecords = Map<object, RecordNote>;

/**
 * Trims every list of a record that is longer than its `@listSize` bound, before the gate decides about the
 * people in it. In a list of lists the bound counts the values of all of them together. Changes the record, which
 * belongs to the executor.
 */
export type TrimLists = (
  record: DataObject,
  type: string | undefined,
  variables: Readonly<Record<string, unknown>>,
  trimmed: TrimmedRecords,
) => void;

/** Returns undefined if no list of the selection, here or below, has a bound. */
export function compileTrimLists(selection: ReadSelection, types: SupergraphTypes): TrimLists | undefined {
  const steps = selection.fields.flatMap((field) => compileField(field, selection, types) ?? []);
  if (steps.length === 0) return undefined;
  return (record, type, variables, trimmed) => {
    const concrete = concreteType(record, selection) ?? type;
    for (const step of steps) step(record, concrete, variables, trimmed);
  };
}

function compileField(field: ReadField, selection: ReadSelection, types: SupergraphTypes): TrimLists | undefined {
  const { bound, responseKey } = field;
  const below = field.below && compileTrimLists(field.below, types);
  if (!bound && !below) return undefined;
  return (record, type, variables, trimmed) => {
    if (!isOn(field, type, types)) return;
    const size = bound && sizeOf(bound, field, variables);
    const value = record[responseKey];
    if (Array.isArray(value) && size !== undefined && valuesIn(value) > size) {
      record[responseKey] = firstValues(value, { left: size });
      trimmed.set(record, together(trimmed.get(record), tooLong(field, type ?? field.parentType, selection)));
    }
    if (below)
      forEachObject(record[responseKey], (object) =>
        below(object, field.below?.abstract === true ? undefined : field.below?.type, variables, trimmed),
      );
  };
}

function valuesIn(list: readonly unknown[]): number {
  let values = 0;
  for (const item of list) values += Array.isArray(item) ? valuesIn(item) : 1;
  return values;
}

/** Returns the list up to the last value that the bound leaves, and no list after that. */
function firstValues(list: readonly unknown[], bound: { left: number }): unknown[] {
  const first: unknown[] = [];
  for (const item of list) {
    if (bound.left === 0) break;
    if (Array.isArray(item)) first.push(firstValues(item, bound));
    else {
      bound.left -= 1;
      first.push(item);
    }
  }
  return first;
}

function sizeOf(bound: ListBound, field: ReadField, variables: Readonly<Record<string, unknown>>): number | undefined {
  if (bound.kind === 'size') return bound.size;
  const asked = argumentValues(field.arguments, variables)[bound.argument] ?? bound.byDefault;
  return typeof asked === 'number' ? Math.max(0, asked) : undefined;
}

function tooLong({ name }: ReadField, type: string, { register }: ReadSelection): RecordNote {
  const finding = {
    rule: `${register}.${type}.${name}#list-size`,
    dimension: 'conformity',
    severity: 'warning',
    field: name,
  } as const;
  return recordNote(register, type, { verdict: 'flagged', findings: [finding] });
}

function together(known: RecordNote | undefined, added: RecordNote): RecordNote {
  return known ? { ...known, findings: [...known.findings, ...added.findings] } : added;
}

function forEachObject(value: unknown, visit: (object: DataObject) => void): void {
  if (Array.isArray(value)) for (const item of value) forEachObject(item, visit);
  else if (isObject(value)) visit(value);
}
