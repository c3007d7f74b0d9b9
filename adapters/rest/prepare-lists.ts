import type { SelectedField } from '../port.js';
import type { RestList, RestListField } from './list-source.js';
import type { RestSource } from './source.js';
import { compileRecord, type ReadRecord } from '../mapping/compile-record.js';
import { selectsLess } from '../mapping/selects-less.js';
import { ownMember } from '../../schemas/objects.js';

/** A selected field whose list the register sends separately from the record. */
export interface PreparedList {
  readonly responseKey: string;
  readonly list: RestList;
  /** Returns members of the request, from the arguments of the field. */
  readonly membersFrom: (variables: Readonly<Record<string, unknown>>) => Readonly<Record<string, number>>;
  readonly readItem: ReadRecord;
  readonly readsLess: boolean;
}

/** Returns the lists among the selected fields of a type. Throws for a list that the mapping lacks. */
export function prepareLists(
  source: RestSource,
  type: string,
  fields: readonly SelectedField[],
): readonly PreparedList[] {
  return fields.flatMap((field) => {
    const mapped = mappedList(source, type, field.name);
    return mapped === undefined ? [] : [prepareList(source, mapped, field)];
  });
}

/** Returns the mapping of a field that is a list of its own, or undefined for a field of the record. */
export function mappedList(source: RestSource, type: string, name: string): RestListField | undefined {
  const mapped = ownMember(ownMember(source.types, type)?.fields ?? {}, name);
  return typeof mapped === 'object' && 'list' in mapped ? mapped : undefined;
}

function prepareList(source: RestSource, mapped: RestListField, field: SelectedField): PreparedList {
  const list = ownMember(source.lists, mapped.list);
  if (list === undefined || !field.list)
    throw new Error(`source.yaml maps ${field.parentType}.${field.name} to a list that it does not have`);
  return {
    responseKey: field.responseKey,
    list,
    membersFrom: (variables) => membersOf(mapped, field.argumentsFrom?.(variables) ?? {}),
    readItem: compileRecord(source.types, mapped.type, field.fields).read,
    readsLess: selectsLess(source.types, mapped.type, field.fields),
  };
}

/**
 * An absent argument has its default. A number outside the range that the register knows becomes the nearest one in it.
 */
function membersOf(
  { arguments: known }: RestListField,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(known).map(([name, { member, default: usual, least, most }]) => {
      const value = ownMember(given, name);
      return [member, typeof value === 'number' ? Math.min(most, Math.max(least, Math.trunc(value))) : usual];
    }),
  );
}
