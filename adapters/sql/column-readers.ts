import type { SqlColumn } from './source.js';

/**
 * Returns the value of a column in the form of the schema. A value that does not fit the mapping stays as it is: the
 * data contract judges it.
 */
export type ReadColumn = (value: unknown) => unknown;

/** The closed list of transforms from a legacy column to a field. */
export function readerOf(column: SqlColumn): ReadColumn {
  switch (column.as) {
    case 'text':
    case 'decimal':
      return orNull((text) => text.trimEnd());
    case 'integer':
      return orNull((text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text));
    case 'date_yyyymmdd':
      return orNull((text) => text.trimEnd().replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
    case 'code':
      return orNull((text) =>
        Object.hasOwn(column.codes, text.trimEnd()) ? (column.codes[text.trimEnd()] ?? text) : text.trimEnd(),
      );
  }
}

function orNull(read: (text: string) => unknown): ReadColumn {
  return (value) => (value === null || value === undefined ? null : read(String(value)));
}
