import { quoted, quotedTable, type TableName } from '../identifier.js';
import type { KeyColumn } from '../key-column.js';

/**
 * True for every id. The server folds it into a constant when it plans, so that it changes no plan. An id in the text
 * would make each statement another one, for the statistics of the server and for its log.
 */
function callIdCondition(place: number): string {
  return ` AND $${place}::text IS NOT NULL`;
}

/** Columns of each row with the key that it belongs to. */
export const OWNER = '_owner';

/** Returns the name under which a row has a column of its key. */
export function ownerColumn(place: number): string {
  return place === 0 ? OWNER : `${OWNER}${place}`;
}

export interface TableQuestion {
  readonly table: TableName;
  readonly keys: readonly KeyColumn[];
  /** What each row has beside its key, as expressions of SQL. */
  readonly columns: readonly string[];
  /** Column that the rows are ordered by. */
  readonly order?: string | undefined;
  /** Greatest number of rows. */
  readonly maxRows: number;
  readonly carriesId: boolean;
}

/**
 * Returns the text of a statement that reads rows by their keys. It is fixed: the parameters are one list of values for
 * each key column and, last, the id of the call, which changes nothing in the result and is shown by the server's log.
 * It casts the keys to the types of their columns: with another type the database would not use the index. It requests
 * one row more than the limit, to tell a full answer from one that is too large.
 */
export function readStatement({ table, keys, columns, order, maxRows, carriesId }: TableQuestion): string {
  const owners = keys.map(({ column }, place) => `${quoted(column)} AS "${ownerColumn(place)}"`);
  return [
    `SELECT ${[...owners, ...columns].join(', ')} FROM ${quotedTable(table)} WHERE ${condition(keys)}`,
    carriesId ? callIdCondition(keys.length + 1) : '',
    order === undefined ? '' : ` ORDER BY ${quoted(order)}`,
    ` LIMIT ${maxRows + 1}`,
  ].join('');
}

function condition(keys: readonly KeyColumn[]): string {
  const [only] = keys;
  const lists = keys.map(({ type }, place) => `$${place + 1}::${type}[]`);
  if (keys.length === 1 && only !== undefined) return `${quoted(only.column)} = ANY (${lists.join()})`;
  const names = keys.map(({ column }) => quoted(column)).join(', ');
  return `(${names}) IN (SELECT * FROM unnest(${lists.join(', ')}))`;
}
