import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import type { Property } from '../../country/model.js';
import { legacyRows } from './rows.js';
import { LEGACY_SCHEMA, TABLES } from './schema.js';

/** The role with which the gateway reads: SELECT on the three tables, nothing else, read-only by default. */
export const READER = 'tereze_ro';

/** What the loader needs of a connection as the server's superuser or the database's owner with CREATEROLE. */
export type LoaderConnection = Pick<Client, 'query'>;

/**
 * Puts the country's property into the register's tables, unless exactly that is there already.
 * All or nothing: one transaction.
 */
export async function loadProperty(connection: LoaderConnection, property: Property): Promise<void> {
  const marker = createHash('sha256').update(LEGACY_SCHEMA).update(JSON.stringify(property)).digest('hex');
  if ((await loadedMarker(connection)) === marker) return;
  await connection.query('begin');
  await connection.query(`drop table if exists ${TABLES.join(', ')}, country_marker`);
  await connection.query(LEGACY_SCHEMA);
  const rows = legacyRows(property);
  for (const table of TABLES) {
    await connection.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(rows[table]),
    ]);
  }
  await connection.query('create table country_marker (marker text not null)');
  await connection.query('insert into country_marker values ($1)', [marker]);
  await connection.query('commit');
  await connection.query('analyze');
}

/** Creates or resets the reader, with this password and no more rights than it needs. */
export async function grantReader(connection: LoaderConnection, database: string, password: string): Promise<void> {
  if (!/^[A-Za-z0-9_-]+$/.test(password)) throw new RangeError('the password must be base64url');
  const { rowCount } = await connection.query('select 1 from pg_roles where rolname = $1', [READER]);
  await connection.query(
    `${rowCount === 0 ? 'create' : 'alter'} role ${READER} login nosuperuser nocreatedb nocreaterole password '${password}'`,
  );
  await connection.query(`alter role ${READER} set default_transaction_read_only = on`);
  await connection.query(`revoke all on database ${database} from public`);
  await connection.query(`grant connect on database ${database} to ${READER}`);
  await connection.query('revoke create on schema public from public');
  await connection.query(`grant usage on schema public to ${READER}`);
  await connection.query(`grant select on ${TABLES.join(', ')} to ${READER}`);
}

async function loadedMarker(connection: LoaderConnection): Promise<string | undefined> {
  const { rows } = await connection.query<{ present: boolean }>(
    "select to_regclass('country_marker') is not null as present",
  );
  if (rows[0]?.present !== true) return undefined;
  const kept = await connection.query<{ marker: string }>('select marker from country_marker');
  return kept.rows[0]?.marker;
}
