import { bareObject } from '../../../schemas/objects.js';
import { quoted } from '../identifier.js';
import type { Row } from '../reader/sql-reader.js';

/** Names a column, then members of the JSON in it. */
export type ColumnPath = readonly (string | number)[];

/** The columns that a selection reads: as expressions of a statement, and how a row becomes a record by their names. */
export interface Columns {
  readonly expressions: readonly string[];
  readonly recordOf: (row: Row) => Readonly<Record<string, unknown>>;
}

/**
 * Compiles paths to columns. A path into JSON is followed by the database, so that no other member of the JSON leaves
 * it. Every expression has a name of its own in the row.
 */
export function compileColumns(paths: readonly ColumnPath[]): Columns {
  const read = withoutInner(paths).map((path, place) => ({ path, name: `c${place}` }));
  return {
    expressions: read.map(({ path, name }) => `${expressionOf(path)} AS "${name}"`),
    recordOf: (row) => {
      const record = bareObject();
      for (const { path, name } of read) put(record, path, row[name] ?? null);
      return record;
    },
  };
}

/** Drops each path that leads into the value of another one. */
function withoutInner(paths: readonly ColumnPath[]): readonly ColumnPath[] {
  const byText = new Map(paths.map((path) => [JSON.stringify(path), path]));
  return [...byText.values()].filter(
    (path) => !path.some((_, length) => length > 0 && byText.has(JSON.stringify(path.slice(0, length)))),
  );
}

/** `#>` takes the members and positions of `json` and `jsonb` as a list of texts (PostgreSQL manual, section 9.16). */
function expressionOf([column, ...steps]: ColumnPath): string {
  const name = quoted(String(column));
  return steps.length === 0
    ? name
    : `${name} #> ARRAY[${steps.map((step) => literal(String(step))).join(', ')}]::text[]`;
}

/** A text as SQL writes it (PostgreSQL manual, section 4.1.2.1). Sessions have `standard_conforming_strings`. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Sets the value at a path of a record. An absent value ends the path early, like a JSON without the member. */
function put(record: Record<string, unknown>, path: ColumnPath, value: unknown): void {
  let at: Record<string | number, unknown> = record;
  for (const [place, step] of path.entries()) {
    if (place === path.length - 1) at[step] = value;
    else at = (at[step] ??= typeof path[place + 1] === 'number' ? [] : bareObject()) as Record<string, unknown>;
  }
}
