/** A list that is asked for apart from the record. */
export interface MappedList {
  readonly list: string;
  readonly type: string;
}

/** How a field is found in a register's record: by a path to a value, to an object of a mapped type, or to another record's key; or apart from it. */
export type MappedField =
  | string
  | { readonly path: string; readonly type: string }
  | { readonly path: string; readonly reference: string }
  | MappedList;

/** The types of a mapping, by name. */
export type MappedTypes = Readonly<
  Record<string, { readonly key?: string | undefined; readonly fields: Readonly<Record<string, MappedField>> }>
>;

/** What is wrong with a mapping: every type that a field leads to must be mapped, and what is referred to must have a key. */
export function dangling(types: MappedTypes): readonly string[] {
  return Object.entries(types).flatMap(([type, { fields }]) =>
    Object.entries(fields).flatMap(([name, field]) => {
      if (typeof field === 'string') return [];
      if ('reference' in field)
        return types[field.reference]?.key === undefined
          ? [`${type}.${name} refers to ${field.reference}, which has no key`]
          : [];
      return types[field.type] === undefined ? [`${type}.${name} is of type ${field.type}, which is not mapped`] : [];
    }),
  );
}
