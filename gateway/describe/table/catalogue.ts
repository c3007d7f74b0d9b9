import pg from 'pg';
import { codeOf } from '../../../schemas/error-code.js';
import { DocumentFault } from '../reader.js';

/** What the catalogue of a database says of its tables. It holds names, types and comments, and no rows. */
export interface CatalogueDocument {
  readonly settings: { readonly host: string; readonly port: number; readonly database: string; readonly user: string };
  readonly tables: readonly CatalogueTable[];
}

export interface CatalogueTable {
  readonly schema: string;
  readonly name: string;
  readonly isView: boolean;
  readonly comment: string | null;
  readonly columns: readonly CatalogueColumn[];
  /** Columns of each unique index that has no condition; the primary key is first. */
  readonly uniques: readonly (readonly string[])[];
  /** First columns of every index. */
  readonly indexed: readonly string[];
  /** Conditions, as the database writes them. */
  readonly checks: readonly string[];
}

export interface CatalogueColumn {
  readonly name: string;
  /** Name of the base type: `int8`, `bpchar`, `numeric`. Of the elements, if it is an array. */
  readonly type: string;
  readonly isArray: boolean;
  /** `typcategory` of PostgreSQL: `E` is an enum. */
  readonly category: string;
  /** Type modifier, or -1: length of a text plus 4, precision and scale of a number. */
  readonly modifier: number;
  readonly isNotNull: boolean;
  readonly comment: string | null;
  /** Values of an enum. */
  readonly values: readonly string[] | null;
}

/**
 * Reads what the catalogue says of a table or view (`schema.table`), or of all in a schema that this role may read.
 * Rejects with {@link DocumentFault}, which holds nothing of the address.
 */
export async function readCatalogue(source: string, databaseUrl: string): Promise<CatalogueDocument> {
  const { schema, table } = namesIn(source);
  const client = clientOf(databaseUrl);
  try {
    await client.connect();
    await client.query('BEGIN READ ONLY');
    const { rows } = await client.query<{ table: CatalogueTable }>(STATEMENT, [schema, table ?? null]);
    if (rows.length === 0) throw new DocumentFault(source, 'there is no table or view that this role may read');
    return { settings: settingsOf(client), tables: rows.map((row) => row.table) };
  } catch (error) {
    if (error instanceof DocumentFault) throw error;
    throw new DocumentFault(source, `the database cannot be read (${codeOf(error) ?? 'no answer'})`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const TIMEOUT_MS = 10_000;

function clientOf(url: string): pg.Client {
  try {
    return new pg.Client({
      connectionString: url,
      application_name: 'tereze register new',
      connectionTimeoutMillis: TIMEOUT_MS,
      statement_timeout: TIMEOUT_MS,
    });
  } catch {
    throw new DocumentFault('#', 'the file holds no address of a database: postgresql://user:password@host/database');
  }
}

function settingsOf({ host, port, database = '', user = '' }: pg.Client): CatalogueDocument['settings'] {
  return { host, port, database, user };
}

/** `schema.table` or `schema`, each as it is in the catalogue; with quotes if it holds a dot. */
function namesIn(source: string): { readonly schema: string; readonly table: string | undefined } {
  const found = /^("(?:[^"]|"")+"|[^".]+)(?:\.("(?:[^"]|"")+"|[^"]+))?$/.exec(source);
  if (found === null) throw new DocumentFault(source, 'names no table: write SCHEMA.TABLE');
  const [, schema = '', table] = found;
  return { schema: unquoted(schema), table: table === undefined ? undefined : unquoted(table) };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/**
 * A view has no indexes. Those of the tables that it reads count where a column has the name of an indexed one
 * (`pg_depend` has the columns that the rule of a view uses).
 */
const STATEMENT = `
WITH wanted AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND ($2::text IS NULL OR c.relname = $2) AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
    AND has_any_column_privilege(c.oid, 'SELECT')
), base AS (
  SELECT DISTINCT w.oid, d.refobjid AS indexed
  FROM wanted w JOIN pg_rewrite r ON r.ev_class = w.oid
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
  WHERE w.relkind IN ('v', 'm') AND d.refobjid <> w.oid
  UNION SELECT oid, oid FROM wanted
), indexes AS (
  SELECT b.oid, i.indisprimary, i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AS is_unique, b.oid = b.indexed AS is_own,
    (SELECT array_agg(a.attname::text ORDER BY k.place)
     FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.place <= i.indnkeyatts) AS columns
  FROM base b JOIN pg_index i ON i.indrelid = b.indexed AND i.indisvalid
), columns AS (
  SELECT w.oid, json_agg(json_build_object(
    'name', a.attname, 'type', COALESCE(e.typname, t.typname), 'isArray', t.typcategory = 'A',
    'category', COALESCE(e.typcategory, t.typcategory), 'modifier', CASE WHEN d.typtype = 'd' THEN d.typtypmod ELSE a.atttypmod END,
    'isNotNull', a.attnotnull OR (d.typtype = 'd' AND d.typnotnull), 'comment', col_description(w.oid, a.attnum),
    'values', (SELECT json_agg(v.enumlabel ORDER BY v.enumsortorder) FROM pg_enum v WHERE v.enumtypid = COALESCE(e.oid, t.oid))
  ) ORDER BY a.attnum) AS columns
  FROM wanted w
  JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(w.oid, a.attnum, 'SELECT')
  JOIN pg_type d ON d.oid = a.atttypid
  JOIN pg_type t ON t.oid = CASE WHEN d.typtype = 'd' THEN d.typbasetype ELSE d.oid END
  LEFT JOIN pg_type e ON t.typcategory = 'A' AND e.oid = t.typelem
  GROUP BY w.oid
)
SELECT json_build_object(
  'schema', w.nspname, 'name', w.relname, 'isView', w.relkind IN ('v', 'm'),
  'comment', obj_description(w.oid, 'pg_class'), 'columns', c.columns,
  'uniques', (SELECT COALESCE(json_agg(i.columns ORDER BY i.is_own DESC, i.indisprimary DESC), '[]') FROM indexes i
              WHERE i.oid = w.oid AND i.is_unique AND i.columns <@ (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = w.oid)),
  'indexed', (SELECT COALESCE(json_agg(DISTINCT i.columns[1]), '[]') FROM indexes i WHERE i.oid = w.oid
              AND i.columns[1] IN (SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = w.oid)),
  'checks', (SELECT COALESCE(json_agg(pg_get_constraintdef(k.oid)), '[]') FROM pg_constraint k WHERE k.conrelid = w.oid AND k.contype = 'c')
) AS "table"
FROM wanted w JOIN columns c ON c.oid = w.oid
ORDER BY w.relname`;
