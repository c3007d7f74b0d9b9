import { endOfDigits } from '../../../schemas/time/digits.js';
import type { SqlColumn } from '../source.js';

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
      return orNull(trimmed);
    case 'integer':
      return orNull(wholeNumber);
    case 'date_yyyymmdd':
      return orNull(date);
    case 'code': {
      const { codes } = column;
      return orNull((text) => {
        const code = trimmed(text);
        return Object.hasOwn(codes, code) ? (codes[code] ?? text) : code;
      });
    }
  }
}

function orNull(read: (text: string) => unknown): ReadColumn {
  return (value) => {
    if (typeof value === 'string') return read(value);
    return value === null || value === undefined ? null : read(String(value));
  };
}

/** Values of `char` columns have blanks at their end, others mostly none. */
function trimmed(text: string): string {
  return text.charCodeAt(text.length - 1) > LAST_PLAIN_SPACE && text.charCodeAt(text.length - 1) < FIRST_OTHER_SPACE
    ? text
    : text.trimEnd();
}

/** Between them is no white space (ECMA-262, sections 12.2 and 12.3). */
const LAST_PLAIN_SPACE = 0x20;
const FIRST_OTHER_SPACE = 0xa0;

function wholeNumber(text: string): unknown {
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  const isWhole = text.length > start && text.length - start <= 15 && endOfDigits(text, start, 15) === text.length;
  return isWhole ? Number(text) : text;
}

const MINUS = 0x2d;

/** `20260301` is a day. Another text stays, for the contract to judge. */
function date(text: string): string {
  const day = trimmed(text);
  if (day.length !== 8 || endOfDigits(day, 0, 8) !== 8) return day;
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}
