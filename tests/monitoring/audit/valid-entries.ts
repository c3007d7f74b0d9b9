import { ENTRY_SCHEMA_VERSION } from '../../../monitoring/audit/entries.js';
import { entrySchema } from '../../../monitoring/audit/schema/bodies.js';
import { readBody } from '../../../monitoring/audit/stored-entry.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';

/** Entries that are checked of one database: a soak test writes more. */
const MOST = 20_000;

/** Throws if a body that the gateway wrote in a test is not one that `docs/audit-events.md` describes. */
export function checkBody(body: unknown): void {
  const { error } = entrySchema.safeParse(body);
  if (error === undefined) return;
  const issues = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(
    `an entry is not of its schema (monitoring/audit/schema):\n${issues.join('\n')}\n${JSON.stringify(body)}`,
  );
}

/**
 * Checks every entry of a database of a test by its schema. Bytes that do not hash to their leaf were changed by the test
 * itself, and entries of earlier versions were not written by this program: they are left out.
 */
export async function checkEntries(sql: SqlExecutor): Promise<void> {
  const { rows: tables } = await sql.query<{ known: boolean }>(
    `SELECT to_regclass('audit_entry') IS NOT NULL AS known`,
  );
  if (!tables[0]?.known) return;
  const { rows } = await sql.query<{ entry: Buffer }>(
    `SELECT entry FROM audit_entry WHERE leaf_hash = sha256('\\x00'::bytea || entry) ORDER BY at DESC LIMIT ${MOST}`,
  );
  for (const { entry } of rows) {
    const body = readBody(entry);
    if (body?.schemaVersion === ENTRY_SCHEMA_VERSION) checkBody(body);
  }
}
