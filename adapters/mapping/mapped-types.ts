/** A list that is requested separately from the record. */
export interface MappedList {
  readonly list: string;
  readonly type: string;
}

/**
 * Where a field is: at a path of the record that leads to a value, a number that is read as a text, an object of a
 * mapped type or another record's key; or in a list of its own.
 */
export type MappedField =
  | string
  | { readonly path: string; readonly as: 'text' }
  | { readonly path: string; readonly type: string }
  | { readonly path: string; readonly reference: string }
  | MappedList;

/** The types of a mapping, by name. */
export type MappedTypes = Readonly<
  Record<string, { readonly key?: string | undefined; readonly fields: Readonly<Record<string, MappedField>> }>
>;

/**
 * Returns the problems of a mapping. Every type that a field leads to must be mapped, and a type that is referred to
 * must have a key.
 */
export function dangling(types: MappedTypes): readonly string[] {
  return Object.entries(types).flatMap(([type, { fields }]) =>
    Object.entries(fields).flatMap(([name, field]) => {
      if (typeof field === 'string' || 'as' in field) return [];
      if ('reference' in field)
        return types[field.reference]?.key === undefined
          ? [`${type}.${name} refers to ${field.reference}, which has no key`]
          : [];
      return types[field.type] === undefined ? [`${type}.${name} is of type ${field.type}, which is not mapped`] : [];
    }),
  );
}
