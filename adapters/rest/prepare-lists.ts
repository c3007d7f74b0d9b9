import type { SelectedField } from '../port.js';
import type { RestList, RestListField } from './list-source.js';
import type { RestSource } from './source.js';
import { compileReadRecord, selectsLess, type ReadRecord } from '../read-record.js';
import { ownMember } from '../../schemas/objects.js';

/** A selected field whose list the register gives apart from the record. */
export interface PreparedList {
  readonly responseKey: string;
  readonly list: RestList;
  /** Members of the question, from the field's arguments. */
  readonly membersFrom: (variables: Readonly<Record<string, unknown>>) => Readonly<Record<string, number>>;
  readonly readItem: ReadRecord;
  readonly readsLess: boolean;
}

/** The lists among the fields selected of a type. Throws for one that the mapping lacks. */
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

/** The mapping of a field as a list of its own; undefined for what is in the record. */
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
    readItem: compileReadRecord(source, mapped.type, field.fields),
    readsLess: selectsLess(source, mapped.type, field.fields),
  };
}

/** An argument that was not given has its default; a number beyond what the register knows is cut to the nearest that it knows. */
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
