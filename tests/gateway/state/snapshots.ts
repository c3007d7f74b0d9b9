import type { Sql } from '../../../schemas/ports/sql.js';
import type { TestDatabase } from './test-database.js';

/** All rows of a database, and where its sequences stand: what a dump holds. */
export interface Snapshot {
  readonly tables: readonly { readonly name: string; readonly rows: string }[];
  readonly sequences: readonly { readonly name: string; readonly value: string | null }[];
}

/** Reads all rows. A restore of this snapshot is what `pg_restore` makes of a dump, in a fraction of its time. */
export async function takeSnapshot({ ownerSql }: TestDatabase): Promise<Snapshot> {
  const tables: { readonly name: string; readonly rows: string }[] = [];
  for (const name of await tableNames(ownerSql)) {
    const { rows } = await ownerSql.query<{ rows: string }>(
      `SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')::text AS rows FROM ${name} AS t`,
    );
    tables.push({ name, rows: rows[0]?.rows ?? '[]' });
  }
  const { rows: sequences } = await ownerSql.query<{ name: string; value: string | null }>(
    `SELECT quote_ident(sequencename) AS name, last_value::text AS value FROM pg_sequences WHERE schemaname = 'public'`,
  );
  return { tables, sequences };
}

/** Puts the database back to a snapshot, triggers and foreign keys aside, in one transaction. */
export async function restoreSnapshot({ ownerSql }: TestDatabase, { tables, sequences }: Snapshot): Promise<void> {
  await ownerSql.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
    for (const { name, rows } of tables)
      await tx.query(
        `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`,
        [rows],
      );
    for (const { name, value } of sequences)
      await tx.query('SELECT setval($1, $2, $3)', [name, value ?? 1, value !== null]);
  });
}

async function tableNames(ownerSql: Sql): Promise<readonly string[]> {
  const { rows } = await ownerSql.query<{ name: string }>(
    // Rows of partitions are rows of their table.
    `SELECT quote_ident(relname) AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'schema_migration'`,
  );
  return rows.map(({ name }) => name);
}
