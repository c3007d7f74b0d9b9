import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../../../gateway/state/embedded/server.js';
import type { Property } from '../../country/model.js';
import { grantReader, loadProperty } from './load.js';

/** The running PostgreSQL of the property register. */
export interface PropertyDatabase {
  /** Its only door: a Unix socket. */
  readonly socketPath: string;
  readonly database: string;
  stop(): Promise<void>;
}

/** Starts the register's own PostgreSQL in `directory`, loads the property and sets up the reader. */
export async function startPropertyDatabase(
  directory: string,
  property: Property,
  readerPassword: string,
): Promise<PropertyDatabase> {
  const server = await startEmbedded({ directory });
  try {
    await prepare(server.owner, property, readerPassword);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const { host, port, database } = server.owner;
  return { socketPath: join(host, `.s.PGSQL.${port}`), database, stop: () => server.stop() };
}

async function prepare(
  owner: pg.ClientConfig & { readonly database: string },
  property: Property,
  readerPassword: string,
): Promise<void> {
  const connection = new pg.Client(owner);
  await connection.connect();
  try {
    await loadProperty(connection, property);
    await grantReader(connection, owner.database, readerPassword);
  } finally {
    await connection.end();
  }
}
